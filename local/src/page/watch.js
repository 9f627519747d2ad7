// Shows a saved résumé in the open page, and what is wrong with it. Only a
// browser on the machine of resume-counter gets this.

// What is alive in the page, and stays when its words change.
const ALIVE = ['#counter', '#notice'];

const STYLE = `
  :host { all: initial }
  section { position: fixed; inset: auto 1rem 1rem; z-index: 9; max-height: 60vh; overflow: auto; padding: 1rem 1.25rem;
    font: 1rem/1.5 system-ui, sans-serif; color: #fff; background: #1b1b1f; border-left: .4rem solid #e5484d; border-radius: .4rem }
  section.notes { border-color: #ffb224 }
  h2 { margin: 0 3rem .5rem 0; font-size: 1rem }
  ul { margin: 0; padding: 0; list-style: none }
  li { margin-top: .5rem; overflow-wrap: anywhere }
  code { font: .9rem/1.5 ui-monospace, monospace; color: #9bd3ff }
  button { position: absolute; top: .75rem; right: .75rem; font: inherit; color: inherit; background: none; border: 1px solid; border-radius: .3rem; cursor: pointer }
  @media print { section { display: none } }`;

let edition = document.querySelector('script[data-edition]').dataset.edition;
let panel, events;

async function follow({ data }) {
  const now = JSON.parse(data);
  show(now.findings);
  if (now.edition !== edition) await renew();
}

async function renew() {
  const answer = await fetch(location.pathname, { cache: 'no-store' });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (frame(page) !== frame(document)) return location.reload();
  edition = page.querySelector('script[data-edition]').dataset.edition;
  const scrolled = scrollY;
  for (const name of ALIVE) {
    const alive = document.querySelector(name);
    if (alive) page.querySelector(name)?.replaceWith(alive);
  }
  for (const place of ['documentElement', 'body']) {
    for (const { name, value } of page[place].attributes) document[place].setAttribute(name, value);
  }
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
  scrollTo({ top: scrolled, behavior: 'instant' });
}

// What no change of words can bring into a page that is open: its policy, what
// it loads, and the attributes that its style sheet goes by.
function frame(page) {
  const parts = page.querySelectorAll('meta[http-equiv], link[rel=stylesheet], script[src]:not([data-edition])');
  return [...parts].map((part) => part.outerHTML).join();
}

function show(findings) {
  panel?.remove();
  if (!findings.length) return;
  const errors = findings.filter(({ kind }) => kind === 'error');
  const list = element('ul');
  for (const { file, line, column, sentence } of [...errors, ...findings.filter((one) => !errors.includes(one))]) {
    const item = element('li');
    item.append(element('code', line ? `${file}:${line}:${column}` : file), ` ${sentence}`);
    list.append(item);
  }
  const close = element('button', 'Close');
  close.onclick = () => panel.remove();
  const section = element('section');
  section.className = errors.length ? 'errors' : 'notes';
  section.setAttribute('role', 'alert');
  section.append(element('h2', title(errors.length, findings.length - errors.length)), list, close);
  panel = element('resume-findings');
  const root = panel.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  root.append(section);
  document.documentElement.append(panel);
}

function title(errors, notes) {
  const parts = [errors && `${errors} ${errors > 1 ? 'mistakes' : 'mistake'}`, notes && `${notes} ${notes > 1 ? 'notes' : 'note'}`];
  return parts.filter(Boolean).join(', ') + (errors ? '. The page stays as it was.' : '');
}

function element(name, text = '') {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

// A browser keeps six connections to one server: a page that nobody sees uses
// none.
function listen() {
  events?.close();
  if (document.hidden) return;
  events = new EventSource('/-/events');
  events.onmessage = follow;
}

document.addEventListener('visibilitychange', listen);
listen();
