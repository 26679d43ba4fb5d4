// Reads the feeds in a folder with ical.js and compares what it shows with the table that
// lies beside each, which other readers agree about.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ICAL from 'ical.js';

const folder = process.argv[2];
const iso = (time) => (time.isDate ? `${time}T00:00:00Z` : `${time}`);
let feeds = 0;
for (const file of readdirSync(folder).filter((name) => name.endsWith('.ics'))) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(join(folder, file), 'utf8')));
  const shown = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid, summary: event.summary, start: iso(event.startDate), end: iso(event.endDate),
      status: component.getFirstPropertyValue('status'), place: event.location ?? '', description: event.description ?? '',
    };
  });
  const wanted = JSON.parse(readFileSync(join(folder, file.replace('.ics', '.json')), 'utf8'));
  if (shown.length !== wanted.length) throw new Error(`${file}: ${shown.length} entries are read of ${wanted.length}`);
  wanted.forEach((want, i) => {
    for (const [name, value] of Object.entries(want)) {
      if (shown[i][name] !== value) throw new Error(`${file}: ${want.uid}: ${name} is ${JSON.stringify(shown[i][name])}, not ${JSON.stringify(value)}`);
    }
  });
  feeds++;
}
if (feeds === 0) throw new Error('there are no feeds');
console.log(`${feeds} feeds are read alike`);
