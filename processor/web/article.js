/* One enriched record drawn: its text with regions, entities and evidence marked, its stances as a graph and a list. Used by the
 * live page and by `extract --html`, whose records stand in the page as data. Offsets are code points of `text`. */
'use strict';

(() => {
  const { make } = stanced;
  const FAINT = ['navigation', 'advertisement', 'promotion', 'related', 'footer'];
  const TYPES = ['Person', 'Organization', 'Location', 'NORP', 'Facility', 'Product', 'Misc', 'Date', 'Money'];
  const list = (value) => (Array.isArray(value) ? value : []);
  const typeClass = (type) => `t-${TYPES.includes(type) ? type : 'Misc'}`;

  /* The pieces of the text between all starts and ends of the spans given, each with the spans that hold it. */
  function* piecesOf(text, spans) {
    const inside = spans.filter((span) => Number.isInteger(span.start) && span.start >= 0 && span.end > span.start)
      .sort((a, b) => a.start - b.start || b.end - a.end);
    const cuts = [...new Set(inside.flatMap((span) => [span.start, span.end]))].sort((a, b) => a - b);
    let from = 0, at = 0, points = 0, next = 0, open = [];
    for (const cut of [...cuts, Infinity]) {
      for (; points < cut && at < text.length; points++) at += text.codePointAt(at) > 0xffff ? 2 : 1;
      if (at > from) yield { text: text.slice(from, at), spans: open };
      from = at;
      while (next < inside.length && inside[next].start <= cut) open.push(inside[next++]);
      open = open.filter((span) => span.end > cut);
    }
  }

  function spansOf(record) {
    const spans = list(record.regions).map((region) => ({ ...region, region: region.kind }));
    for (const entity of list(record.entities))
      for (const mention of list(entity.mentions)) spans.push({ ...mention, entity });
    for (const mention of list(record.topic_mentions)) spans.push({ start: mention.start, end: mention.end, topic: mention.target });
    list(record.stances).forEach((stance, index) => {
      for (const evidence of list(stance.evidence)) spans.push({ start: evidence.start, end: evidence.end, stance: index });
    });
    return spans;
  }

  function drawPiece(piece) {
    const region = piece.spans.find((span) => span.region), mention = piece.spans.find((span) => span.entity);
    const topic = piece.spans.find((span) => span.topic);
    const stances = piece.spans.filter((span) => span.stance !== undefined).map((span) => span.stance);
    const kind = region ? (FAINT.includes(region.region) ? 'clutter' : region.region) : null;
    let content = piece.text;
    if (mention)
      content = make('mark', { class: `${typeClass(mention.entity.type)} ${mention.kind === 'name' ? 'name' : 'other'}`,
        'data-e': mention.entity.id, title: `${mention.entity.name} (${mention.entity.type})` }, content);
    if (topic) content = make('mark', { class: 'topic', 'data-e': topic.topic, title: `${topic.topic.slice(2)} (watched topic)` }, content);
    return make('span', { class: kind, title: kind === 'clutter' ? region.region : null, 'data-s': stances.length ? stances.join(' ') : null },
      content);
  }

  /* What stands at a span; the code points of a text are counted out once. */
  const points = new WeakMap();
  function part(record, span) {
    if (!points.has(record)) points.set(record, Array.from(record.text || ''));
    return points.get(record).slice(span.start, span.end).join('');
  }

  stanced.titleOf = (record) => {
    const region = list(record.regions).find((each) => each.kind === 'title');
    const text = record.text || '';
    return record.title || (region && part(record, region)) || text.split('\n').find((line) => line.trim()) || record.id || '';
  };

  /* Who is meant by the id at the end of a stance. */
  stanced.nameOf = (record, id) => {
    const entity = list(record.entities).find((each) => each.id === id);
    return entity ? entity.name : id === 'author' ? 'the author' : String(id);
  };

  function drawHeader(record) {
    const isLink = /^https?:\/\//i.test(record.url || '');
    const facts = [record.source, record.published_at && record.published_at.slice(0, 10), record.language, isLink ? null : record.url, record.id]
      .filter(Boolean).map((fact) => make('bdi', {}, stanced.shorten(fact, 80)));
    if (isLink) facts.push(make('a', { href: record.url, rel: 'noreferrer noopener', target: '_blank' }, stanced.shorten(record.url, 60)));
    return make('header', {}, make('h2', { tabindex: '-1' }, stanced.titleOf(record)),
      make('p', { class: 'facts' }, ...facts.flatMap((fact, i) => (i === 0 ? [fact] : [' · ', fact]))));
  }

  /* The watched topics that the text speaks of, and how often. */
  function topicsOf(record) {
    const counts = new Map();
    for (const mention of list(record.topic_mentions)) counts.set(mention.target, (counts.get(mention.target) || 0) + 1);
    return counts;
  }

  function drawTopics(record) {
    const topics = [...topicsOf(record)];
    return topics.length === 0 ? [] : [make('h3', {}, 'Watched topics'), make('ul', { class: 'chips' }, ...topics.map(([topic, count]) => make('li', {},
      make('button', { type: 'button', class: 'chip topic', 'data-e': topic, 'aria-pressed': 'false' }, stanced.shorten(topic.slice(2), 60),
        make('span', { class: 'count' }, `×${count}`)))))];
  }

  function drawStance(record, stance, index) {
    const evidence = list(stance.evidence), first = evidence[0];
    return make('li', {}, make('button', { type: 'button', class: 'stance', 'data-s': index, 'aria-pressed': 'false' },
      make('span', { class: 'who' }, stanced.who(stanced.nameOf(record, stance.source)), ' ', stanced.sign(stance.polarity), ' ',
        stanced.who(stanced.nameOf(record, stance.target)),
        make('span', { class: 'sure', title: 'how sure' }, `${Math.round(100 * stance.confidence)} %`)),
      first ? make('q', {}, stanced.shorten(part(record, first).replace(/\s+/g, ' '), 220)) : null,
      evidence.length > 1 ? make('span', { class: 'more' }, `and ${evidence.length - 1} more`) : null));
  }

  function drawStances(record, width) {
    const stances = list(record.stances);
    if (stances.length === 0) return [make('h3', {}, 'Stances'), make('p', { class: 'none' }, 'None: nobody here takes sides.')];
    const edges = stances.slice(0, 32).map((stance, index) => ({ source: stanced.nameOf(record, stance.source),
      target: stanced.nameOf(record, stance.target), for: 0, against: 0, mixed: 0, [stance.polarity]: stance.confidence, stance: index }));
    const ids = new Map([...topicsOf(record).keys()].map((topic) => [topic, topic]));
    for (const entity of list(record.entities)) ids.set(entity.name, entity.id);
    return [make('h3', {}, 'Stances'), stanced.graph(edges, { width, ids }), stanced.legend(),
      make('ol', { class: 'stances' }, ...stances.map((stance, index) => drawStance(record, stance, index)))];
  }

  function drawEntity(entity) {
    return make('li', {}, make('button', { type: 'button', class: `chip ${typeClass(entity.type)}`, 'data-e': entity.id, 'aria-pressed': 'false',
      title: [entity.type, entity.wikidata, entity.portrayal && `portrayed ${entity.portrayal.polarity}`].filter(Boolean).join(', ') },
    stanced.shorten(entity.name, 40), make('span', { class: 'count' }, `×${list(entity.mentions).length}`)));
  }

  /* Hovering and focus show, clicking pins and scrolls there, Escape lets go. Only within this article. */
  function bind(article) {
    let pinned = null, spot = null; /* of the last click: text that scrolls below a resting pointer is not pointed at */
    const find = (event) => event.target.closest && event.target.closest('[data-s], [data-e]');
    const tokens = (element, name) => (element.getAttribute(name) || '').split(' ').filter(Boolean);
    const show = (element) => {
      const stances = element ? tokens(element, 'data-s') : [], entity = element && element.getAttribute('data-e');
      const isText = element && element.closest('.text');
      for (const each of article.querySelectorAll('[data-s]')) {
        const common = tokens(each, 'data-s').filter((token) => stances.includes(token));
        each.classList.toggle('lit', common.length > 0);
        each.classList.toggle('opposed', common.some((token) => signs[token] === 'against'));
      }
      for (const each of article.querySelectorAll('[data-e]')) each.classList.toggle('same', Boolean(entity) && each.getAttribute('data-e') === entity);
      article.classList.toggle('showing', stances.length > 0 && !isText);
    };
    const signs = [...article.querySelectorAll('ol.stances .sign')].map((sign) => sign.classList[1]);
    const pin = (element) => {
      pinned = pinned === element ? null : element;
      for (const each of article.querySelectorAll('[aria-pressed]')) each.setAttribute('aria-pressed', String(each === pinned));
      show(pinned);
      const first = pinned && article.querySelector('.text .lit, .text .same');
      if (first && !pinned.closest('.text')) first.scrollIntoView({ block: 'center', behavior: 'smooth' });
    };
    const isResting = (event) => spot !== null && spot.x === event.clientX && spot.y === event.clientY;
    article.addEventListener('mouseover', (event) => { if (!isResting(event)) show(find(event) || pinned); });
    article.addEventListener('mouseleave', () => show(pinned));
    article.addEventListener('focusin', (event) => show(find(event) || pinned));
    article.addEventListener('click', (event) => {
      const element = find(event);
      spot = { x: event.clientX, y: event.clientY };
      if (element) pin(element);
    });
    article.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && pinned) { event.stopPropagation(); pin(pinned); }
    });
    return pin;
  }

  /* The record as an element. options: width of the graph; stance: index of the one to pin. */
  stanced.article = (record, options) => {
    if (record.error)
      return make('article', { class: 'failed' }, make('header', {}, make('h2', { tabindex: '-1' }, record.id || '')), make('p', {}, record.error));
    const text = make('div', { class: 'text', lang: record.language || null });
    for (const piece of piecesOf(record.text || '', spansOf(record))) text.append(drawPiece(piece));
    const article = make('article', {}, drawHeader(record), text, make('div', { class: 'side' }, ...drawStances(record, options.width),
      ...drawTopics(record), make('h3', {}, 'Entities'), make('ul', { class: 'chips' }, ...list(record.entities).map(drawEntity))));
    const pin = bind(article);
    const chosen = options.stance !== undefined && article.querySelector(`ol.stances [data-s="${options.stance}"]`);
    if (chosen) requestAnimationFrame(() => pin(chosen));
    return article;
  };

  /* The page of `extract --html`: a few at a time, so that a large one shows its first articles at once. */
  function drawAll(records, main) {
    for (const record of records.splice(0, 20))
      main.append(stanced.article(JSON.parse(record.textContent), { width: Math.min(380, main.clientWidth - 32) }));
    if (records.length > 0) setTimeout(drawAll, 0, records, main);
  }
  const main = document.querySelector('main.articles');
  if (main) drawAll([...document.querySelectorAll('script.record')], main);
})();
