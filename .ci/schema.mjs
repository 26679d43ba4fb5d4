// Speaks to yaml-language-server as an editor does, about the folder that is named.
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv from "ajv";

const folder = process.argv[2];
const server = spawn("node", ["node_modules/yaml-language-server/bin/yaml-language-server", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
let buffer = Buffer.alloc(0);
let next = 1;
const waiting = new Map();
const diagnostics = new Map();

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
function ask(method, params) {
  const id = next++;
  send({ id, method, params });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}
function take(message) {
  if (message.id !== undefined && message.method) {
    const answer = message.method === "workspace/configuration" ? message.params.items.map(() => null) : null;
    send({ id: message.id, result: answer });
  } else if (message.id !== undefined) {
    const { resolve, reject } = waiting.get(message.id);
    message.error ? reject(new Error(message.error.message)) : resolve(message.result);
  } else if (message.method === "textDocument/publishDiagnostics") {
    diagnostics.set(message.params.uri, message.params.diagnostics);
  }
}
server.stdout.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
    if (buffer.length < end + 4 + length) return;
    const body = buffer.subarray(end + 4, end + 4 + length).toString();
    buffer = buffer.subarray(end + 4 + length);
    take(JSON.parse(body));
  }
});

let failed = false;
function expect(ok, what) {
  console.log(`${ok ? "ok    " : "FAILED"} ${what}`);
  failed ||= !ok;
}
const uriOf = (name) => pathToFileURL(join(folder, name)).href;
let version = 1;
async function open(name, text) {
  const uri = uriOf(name);
  diagnostics.delete(uri);
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: version++, text } } });
  for (let i = 0; i < 200 && !diagnostics.has(uri); i++) await new Promise((r) => setTimeout(r, 50));
  return diagnostics.get(uri) ?? [{ message: "no answer" }];
}
const at = (name, line, character) => ({ textDocument: { uri: uriOf(name) }, position: { line, character } });

await ask("initialize", { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ["markdown"] } } }, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "config" }] });
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings: { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } } } } });

// What is shipped is without a mistake, also for another validator.
for (const name of ["attache.yaml", "events/dates.yaml", "events/us-china.yaml"]) {
  const found = await open(name, readFileSync(join(folder, name), "utf8"));
  expect(found.length === 0, `${name} is without a mistake ${found.map((d) => d.message).join("; ")}`);
}
for (const name of readdirSync(folder).filter((n) => n.endsWith(".schema.json"))) {
  const schema = JSON.parse(readFileSync(join(folder, name), "utf8"));
  new Ajv({ strict: false }).compile(schema);
  expect(schema.$schema.includes("draft-07"), `${name} is a JSON Schema of draft-07`);
}

const head = "# yaml-language-server: $schema=attache.schema.json\n";
let found = await open("a.yaml", head + "listn: 127.0.0.1:8080\nsettle: soon\nslack:\n  on_unknown: hope\nx-mine: {any: thing}\n");
const said = found.map((d) => d.message).join("\n");
expect(/listn is not allowed/.test(said), "a key with a slip in it is found");
expect(found.some((d) => d.range.start.line === 2), "so is a length of time that is none");
expect(/hold/.test(said) && /resend/.test(said), "a word that is none is answered with those there are");
expect(!/x-mine/.test(said), "keys that are the user's own are let be");

await open("b.yaml", head + "sett\n");
let offered = (await ask("textDocument/completion", at("b.yaml", 1, 4))).items.map((i) => i.label);
expect(offered.includes("settle") && offered.includes("quiet_hours"), "keys are completed");
await open("r.yaml", head + "routes:\n  - to: a\n    match:\n      kinds: [deadline]\n      min_certainty: \n");
offered = (await ask("textDocument/completion", at("r.yaml", 5, 21))).items.map((i) => i.label);
expect(offered.includes("likely") && offered.includes("rumoured"), "so are the words of a vocabulary");
await open("c.yaml", head + "settle: 2m\n");
const hover = await ask("textDocument/hover", at("c.yaml", 1, 2));
expect(JSON.stringify(hover ?? "").includes("one change notice"), "a key says what it is for");

const events = "# yaml-language-server: $schema=../events.schema.json\n";
found = await open("events/d.yaml", events + "events:\n  - id: a\n    title: A\n    kind: sumit\n    when: {betwen: [2026-01-01, 2026-02-01]}\n  - id: b\n    title: B\n    status: in_force\n    when: [2026-01-01, {after: 'event:a'}]\n    parties: [US]\n    zone: Europe/Brussels\n    sources: [{source: k, quote: words}]\n    links: {follows: a}\nsources: {k: {published: 2026-01-01}}\n");
expect(found.some((d) => d.range.start.line === 4) && found.some((d) => d.range.start.line === 5), "mistakes in events are found");
expect(found.every((d) => d.range.start.line === 4 || d.range.start.line === 5), `and nothing else is ${found.map((d) => d.range.start.line + ": " + d.message).join("; ")}`);

server.kill();
process.exit(failed ? 1 : 0);
