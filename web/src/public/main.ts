/** The page for citizens: plain DOM, some kilobytes, for a cheap phone. */
import type { CitizenReport, PublicCity, PublicJunction, Works } from '@songxanh/wire/room';
import { WORDS, type Words } from './words.ts';

const POLL_MS = 5000;
const KEY = 'songxanh.language';
const stored = localStorage.getItem(KEY);
// Vietnamese first: it is their street.
const language: 'vi' | 'en' = stored === 'en' || stored === 'vi' ? stored : navigator.language.startsWith('en') ? 'en' : 'vi';
const words: Words = WORDS[language];

type Child = Node | string;
const el = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const labelled = (text: string, field: HTMLElement): HTMLLabelElement => el('label', {}, text, field);

const SVG = 'http://www.w3.org/2000/svg';
const sparkline = (history: readonly number[]): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg');
  const top = Math.max(60, ...history);
  svg.setAttribute('viewBox', '0 0 60 16');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${words.history}: ${history.slice(-10).join(', ')}`);
  history.forEach((wait, k) => {
    const bar = document.createElementNS(SVG, 'rect');
    const height = (wait / top) * 16;
    for (const [name, value] of Object.entries({ x: 60 - history.length + k, y: 16 - height, width: 0.8, height }))
      bar.setAttribute(name, String(value));
    svg.append(bar);
  });
  return svg;
};

const running = ({ source, mode }: PublicJunction): string => {
  if (mode === 'fault-flash' || mode === 'night-flash') return words.running.flash;
  return words.running[source as keyof Words['running']] ?? words.running.other;
};

const figures = el('p', { className: 'figures' });
const list = el('ul', { className: 'junctions' });
const works = el('ul');
const lost = el('p', { className: 'lost', role: 'alert' });
const choice = el('select', { name: 'junction', required: true });
const search = el('input', { type: 'search', placeholder: words.find, ariaLabel: words.find });
let city: PublicCity | undefined;

/** The streets that works close, by their names. */
const closed = ({ closes = [], streets = [] }: Works): readonly HTMLElement[] =>
  closes.length === 0 ? [] : [el('b', { className: 'closed' }, ` ${words.closed} ${streets.join(', ')}`)];

const show = (): void => {
  if (!city) return;
  const number = (value: number, digits = 0): string => value.toLocaleString(language, { maximumFractionDigits: digits });
  figures.replaceChildren(
    el('span', {}, el('b', {}, city.meanDelayS === null ? '–' : `${number(city.meanDelayS, 1)} s`), ` ${words.delay}`),
    el('span', {}, el('b', {}, city.arrived === null ? '–' : number(city.arrived)), ` ${words.arrived}`),
    el('span', {}, el('b', {}, `${number(city.adaptiveShare * 100)} %`), ` ${words.adaptive}`),
  );
  const wanted = search.value.toLowerCase();
  list.replaceChildren(
    ...city.junctions
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .slice(0, 100)
      .map((junction) =>
        el(
          'li',
          {},
          el('b', {}, junction.name),
          el('span', {}, `${running(junction)} · ${words.waits.replace('{0}', String(junction.waitS))}`),
          sparkline(junction.history),
        ),
      ),
  );
  const when = (at: number): string => new Date(at).toLocaleString(language, { dateStyle: 'short', timeStyle: 'short' });
  const named = new Map(city.junctions.map(({ id, name }) => [id, name]));
  works.replaceChildren(
    ...(city.works.length === 0
      ? [el('li', {}, words.noWorks)]
      : city.works.map((one) =>
          el(
            'li',
            {},
            el('b', {}, named.get(one.junction) ?? one.junction),
            ` ${one.text} (${when(one.from)} – ${when(one.to)})`,
            ...closed(one),
          ),
        )),
  );
  if (choice.options.length !== city.junctions.length)
    choice.replaceChildren(...city.junctions.map(({ id, name }) => el('option', { value: id }, name)));
};
search.oninput = show;

const load = async (): Promise<void> => {
  try {
    city = (await (await fetch('/api/public/city')).json()) as PublicCity;
    document.title = `SongXanh – ${city.title}`;
    lost.textContent = '';
    show();
  } catch {
    lost.textContent = words.lost;
  }
};

const stateOf = (report: CitizenReport): readonly Child[] => [
  el('b', {}, words.states[report.state]),
  report.answer === '' ? '' : `: ${report.answer}`,
];

const reportForm = (): HTMLFormElement => {
  const kind = el('select', { name: 'kind' }, ...Object.entries(words.kinds).map(([value, text]) => el('option', { value }, text)));
  const text = el('textarea', { name: 'text', required: true, maxLength: 1000, rows: 3 });
  const answer = el('p', { role: 'status' });
  const form = el(
    'form',
    {},
    ...[
      labelled(words.junction, choice),
      labelled(words.kind, kind),
      labelled(words.text, text),
      el('p', { className: 'dim' }, words.privacy),
    ],
    ...[el('button', {}, words.send), answer],
  );
  form.onsubmit = (event) => {
    event.preventDefault();
    void fetch('/api/public/reports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ junction: choice.value, kind: kind.value, text: text.value }),
    }).then(
      async (response) => {
        const body = (await response.json()) as CitizenReport & { message?: string };
        if (!response.ok) {
          answer.replaceChildren(body.message ?? words.lost);
          return;
        }
        text.value = '';
        answer.replaceChildren(`${words.sent} `, el('strong', { className: 'code' }, body.code));
      },
      () => answer.replaceChildren(words.lost),
    );
  };
  return form;
};

const followForm = (): HTMLFormElement => {
  const code = el('input', {
    required: true,
    pattern: '[0-9A-Za-z]{8}',
    autocapitalize: 'characters',
    autocomplete: 'off',
    spellcheck: false,
  });
  const answer = el('p', { role: 'status' });
  const form = el('form', {}, labelled(words.code, code), el('button', {}, words.look), answer);
  form.onsubmit = (event) => {
    event.preventDefault();
    void fetch(`/api/public/reports/${encodeURIComponent(code.value.trim())}`).then(
      async (response) => {
        answer.replaceChildren(...(response.ok ? stateOf((await response.json()) as CitizenReport) : [words.unknown]));
      },
      () => answer.replaceChildren(words.lost),
    );
  };
  return form;
};

const switcher = el('button', { className: 'language', lang: language === 'vi' ? 'en' : 'vi' }, words.language);
switcher.onclick = () => {
  localStorage.setItem(KEY, language === 'vi' ? 'en' : 'vi');
  location.reload();
};
document.documentElement.lang = language;
document
  .getElementById('page')
  ?.replaceChildren(
    el('header', {}, el('h1', {}, words.title), switcher),
    el('p', { className: 'dim' }, words.lead),
    lost,
    figures,
    el('section', {}, el('h2', {}, words.works), works),
    el('section', {}, el('h2', {}, words.report), reportForm()),
    el('section', {}, el('h2', {}, words.follow), followForm()),
    el('section', {}, el('h2', {}, words.junctions), search, list),
  );
void load();
setInterval(() => void load(), POLL_MS);
