// Reads what `attache list --json` prints, one object a line, and fails where a field is
// missing that other programs rely on.
import { readFileSync } from 'node:fs';

const promised = ['id', 'uid', 'title', 'kind', 'certainty', 'status', 'stated', 'earliest', 'latest', 'precision',
  'zone', 'place', 'parties', 'people', 'topics', 'revision', 'because', 'contradictions', 'set_aside', 'warnings'];
const lines = readFileSync(process.argv[2], 'utf8').split('\n').filter((line) => line !== '');
for (const line of lines) {
  const event = JSON.parse(line);
  const missing = promised.filter((field) => !(field in event));
  if (missing.length > 0) throw new Error(`${event.id} has no ${missing.join(', ')}`);
}
if (lines.length === 0) throw new Error('the list is empty');
console.log(`${lines.length} objects with all that is promised`);
