from notifications.models.broadcast import Broadcast, Rendition
from notifications.models.delivery import Chunk, ChunkState, Delivery, DeliveryState
from notifications.models.hold import Hold, Installation
from notifications.models.message_template import MessageTemplate
from notifications.models.receipt import Receipt
from notifications.models.ring_state import RingState
from notifications.models.tally import Tally

__all__ = [
    "Broadcast",
    "Chunk",
    "ChunkState",
    "Delivery",
    "DeliveryState",
    "Hold",
    "Installation",
    "MessageTemplate",
    "Receipt",
    "Rendition",
    "RingState",
    "Tally",
]
