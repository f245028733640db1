// Forms marked data-autosave="address": what is typed becomes the draft kept by the server, shared by its editors.

const WAIT_MS = 1500;

function say(form, text) {
  const place = form.querySelector("[data-autosave-status]");
  if (place) place.textContent = text;
}

async function send(form) {
  const headers = { Accept: "application/json", "X-Autosave": "1" };
  const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers });
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  return { status: answer.redirected || !isJson ? 401 : answer.status, body: isJson ? await answer.json() : {} };
}

function kept(form, body) {
  form.elements.revision.value = body.revision;
  form.elements.original.value = JSON.stringify(body.original);
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  say(form, `${form.dataset.autosaveKept} ${time}`);
}

// `beforeSending` is called before what the form says is sent; what it answers, once the server holds it.
export function autosave(form, beforeSending) {
  if (!form.dataset.autosave) return;
  let timer = null;
  let sending = null;

  async function save() {
    const whenKept = beforeSending();
    try {
      const { status, body } = await send(form);
      if (status === 200) {
        kept(form, body);
        whenKept();
      } else if (status === 401 || status === 400) say(form, form.dataset.autosaveSignedOut);
      else say(form, body.message ?? form.dataset.autosaveFailed);
    } catch {
      say(form, form.dataset.autosaveFailed);
    }
  }

  function queue() {
    const mine = (sending ?? Promise.resolve()).then(save).finally(() => {
      if (sending === mine) sending = null;
    });
    sending = mine;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(queue, WAIT_MS);
  });
  // The form is sent with what the last saving answered: two of one's own savings are no conflict.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    const button = event.submitter;
    sending.then(() => form.requestSubmit(button));
  });
}
