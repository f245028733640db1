"""Pages of the accounts: `sign_in`, `sign_up`, `passwords`, `account` (one's own), `company`."""

from app.accounts.views import account, company, passwords, sign_in, sign_up
from app.accounts.views.blueprint import blueprint

__all__ = ["account", "blueprint", "company", "passwords", "sign_in", "sign_up"]
