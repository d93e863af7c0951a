"""Sign in and sign out."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from signaux_faibles.web.accounts.forms import SignInForm
from signaux_faibles.web.accounts.services import sign_in
from signaux_faibles.web.ui.typography import counted


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Sign-in page; sends the agent back to the page first asked for."""
    target = _safe_target(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        outcome = sign_in(request, email=form.cleaned_data["email"], password=form.cleaned_data["password"])
        if outcome.user is not None:
            login(request, outcome.user, backend="django.contrib.auth.backends.ModelBackend")
            return HttpResponseRedirect(target)
        refusal = _refusal(outcome.tries_left)
    content = {"form": form, "refusal": refusal, "target": target}
    status = 200 if request.method != "POST" else 422
    return render(request, "accounts/sign_in.html", content, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, by POST only."""
    logout(request)
    return redirect("accounts:sign_in")


def _refusal(tries_left: int) -> str:
    if tries_left == 0:
        return "Trop d’essais inexacts. Attendez 15\u00a0minutes, puis recommencez."
    return (
        f"Adresse ou mot de passe inexact. Il reste {counted(tries_left, 'essai')} avant une pause de 15\u00a0minutes."
    )


def _safe_target(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_safe else resolve_url("home")
