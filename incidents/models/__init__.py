from incidents.models.incident import AffectedService, Incident
from incidents.models.note import Note
from incidents.models.template import IncidentTemplate
from incidents.models.update import Update, UpdateService

__all__ = ["AffectedService", "Incident", "IncidentTemplate", "Note", "Update", "UpdateService"]
