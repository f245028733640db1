"""A session that ends while one types loses nothing: the form is kept, the person signs in, finds it filled,
and is told so. Nothing is sent without them pressing its button again."""

from typing import TYPE_CHECKING, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login.utils import login_url
from flask_wtf.csrf import CSRFError
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import unit_of_work
from app.core.errors import NotFound
from app.core.i18n import gettext as _
from app.parking.services import drop_parked, find_own, find_parked, park
from app.permissions import Permission
from app.web.access import current_actor, requires
from app.web.edge import current_session_is_personal
from app.web.errors import answer, wants_fragment, wants_json
from app.web.extensions import login
from app.web.filling import fill

if TYPE_CHECKING:
    from app.parking.models import ParkedForm

blueprint = Blueprint("parking", __name__)
LONGEST = 500_000


def init_app(app: Flask) -> None:
    """Stand where a form is turned away, and where its page is shown again."""
    app.jinja_env.globals["typed_by"] = typed_by
    app.register_error_handler(CSRFError, _token_lost)
    login.unauthorized_handler(_signed_out)
    app.after_request(_fill_again)


def typed_by() -> str:
    """Signed, in every form: the account it is shown to, and the page it stands on."""
    if "typed_by" not in g:
        account = current_actor().user_id if current_session_is_personal() else None
        shown = request.full_path.rstrip("?")
        g.typed_by = _signer().dumps([account, shown])
    return cast(str, g.typed_by)


@blueprint.get("/reprise/<token>")
@requires(Permission.PAGE_READ)
def resume(token: str) -> AnyResponse | tuple[str, int]:
    """Back to the page of a form that was kept, for the account that typed it."""
    parked = find_parked(token)
    if parked is None:
        raise NotFound
    if parked.account_id not in {None, current_actor().user_id}:
        if current_actor().user_id is None:
            return redirect(login_url("accounts.sign_in", request.path))
        return render_template("parking/other_account.html"), 409
    mark = "&" if "?" in parked.page else "?"
    return redirect(f"{parked.page}{mark}reprise={token}")


def _signed_out() -> AnyResponse:
    """Nobody is signed in: keep what was typed, then ask to sign in."""
    g.turned_away = True
    token = _park()
    if token is None:
        return redirect(login_url("accounts.sign_in", request.full_path.rstrip("?")))
    flash(_told_signed_out(), "info")
    return redirect(login_url("accounts.sign_in", url_for("parking.resume", token=token)))


def _token_lost(_error: CSRFError) -> AnyResponse | tuple[str | Response, int]:
    """The form was opened in a session that is no more."""
    g.turned_away = True
    token = _park()
    if token is None:
        return answer(400)
    if current_actor().user_id is None:
        flash(_told_signed_out(), "info")
    return redirect(url_for("parking.resume", token=token))


def _told_signed_out() -> str:
    return _(
        "Votre session s’était terminée : rien n’a été envoyé, rien n’est perdu. Connectez-vous, vous "
        "retrouverez le formulaire rempli."
    )


def _park() -> str | None:
    """Keep the form of this request; None when it is not one of ours, or comes from a script of the page."""
    if request.method != "POST" or wants_json() or wants_fragment() or "X-Autosave" in request.headers:
        return None
    try:
        account, page = _signer().loads(request.form.get("typed_by", ""))
    except (BadSignature, ValueError):
        return None
    fields = list(request.form.items(multi=True))
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    current_actor()  # read before the transaction below
    with unit_of_work():  # the request itself is refused, and what it began with it
        return park(account, page=_readable(page), action=request.path, fields=fields)


def _readable(page: str) -> str:
    """A page that can be opened: the answer to a form has an address that only takes forms."""
    path, _mark, query = page.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("reprise=")]
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return _referring_page() or url_for("pages.home")
    return "?".join(filter(None, [path, "&".join(kept)]))


def _referring_page() -> str:
    origin = request.host_url
    given = request.referrer or ""
    return "/" + given.removeprefix(origin) if given.startswith(origin) else ""


def _fill_again(response: Response) -> Response:
    """Fill the page's form with what was kept; once it is sent and accepted, forget it."""
    if response.status_code >= 400 or response.mimetype != "text/html" or "turned_away" in g:
        return response
    if request.method == "POST":
        if "reprise" in request.form:
            drop_parked(current_actor(), request.form["reprise"])
        return response
    token = request.args.get("reprise", "")
    parked = find_own(current_actor(), token) if token and response.status_code == 200 else None
    if parked is not None and not response.is_streamed:
        response.set_data(_filled(response.get_data(as_text=True), parked, token))
    return response


def _filled(page: str, parked: "ParkedForm", token: str) -> str:
    typed = [(name, value) for name, value in parked.fields]
    found = fill(
        page,
        address=request.path,
        action=parked.action,
        typed=typed,
        notice=render_template("parking/notice.html"),
        token=token,
    )
    return found or render_template("parking/left.html", fields=typed)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="typed-by")
