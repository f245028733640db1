"""Pages of the accounts: `sign_in`, `sign_up`, `passwords`, `account` (one's own), `company`, `belonging`
(an organisation's people), `inviting`."""

from app.accounts.views import account, belonging, company, inviting, passwords, sign_in, sign_up
from app.accounts.views.blueprint import blueprint

__all__ = ["account", "belonging", "blueprint", "company", "inviting", "passwords", "sign_in", "sign_up"]
