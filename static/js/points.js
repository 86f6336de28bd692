// Reads all points of a filter, piece by piece, as the server pages through the check-in list.

export class PointsProblem extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

/** Yields `{points, total, cut, notes}` until the server says there is no more. */
export async function* readPoints(url, signal) {
  let start = 0;
  while (start !== null) {
    const address = new URL(url, location.href);
    address.searchParams.set("start", start);
    const part = await readPart(address, signal);
    yield part;
    start = part.next;
  }
}

async function readPart(address, signal) {
  const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
  if (response.status === 401) {
    location.reload(); // the session ended: the page itself knows the way to sign-in and back
    throw new DOMException("Signed out", "AbortError");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer) throw new PointsProblem(answer?.message ?? "", answer?.code ?? response.status);
  return answer;
}
