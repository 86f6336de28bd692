// A question to our own server from a script. Like htmx it says which page asks, so that signing in again leads back.

/** The answer, whatever its status; null when none came. Where the session has ended, the way to sign in. */
export async function ask(url) {
  const headers = { Accept: "application/json, text/html", "HX-Request": "true", "HX-Current-URL": window.location.href };
  const answer = await fetch(url, { headers }).catch(() => null);
  if (answer?.status === 401) {
    const { sign_in: signIn } = await answer.json();
    window.location.assign(signIn);
  }
  return answer;
}
