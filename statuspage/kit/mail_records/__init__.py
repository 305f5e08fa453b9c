"""What a domain says in the DNS about who may send mail in its name, and what that means for us."""
