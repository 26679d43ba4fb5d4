// Speaks to attache lsp as VS Code does: editor.mjs ATTACHE FOLDER
import { spawn, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import protocol from "vscode-languageserver-protocol/node.js";

const [attache, folder] = process.argv.slice(2);
const file = join(folder, "events", "us-china.yaml");
const uri = pathToFileURL(file).href;
const text = readFileSync(file, "utf8");

function start() {
  const server = spawn(attache, ["lsp"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const left = new Promise((resolve) => server.on("exit", (code) => resolve(code)));
  const link = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout), new protocol.StreamMessageWriter(server.stdin));
  return { server, left, link };
}

let failed = false;
function expect(ok, what) {
  console.log(`${ok ? "ok    " : "FAILED"} ${what}`);
  failed ||= !ok;
}

const { left, link } = start();
const shown = new Map();
let heard = () => {};
link.onNotification("textDocument/publishDiagnostics", (p) => { shown.set(p.uri, p); heard(); });
link.onRequest("client/registerCapability", () => null);
link.listen();
async function until(what, test) {
  const end = Date.now() + 10000;
  while (!test() && Date.now() < end) await Promise.race([new Promise((r) => { heard = r; }), new Promise((r) => setTimeout(r, 100))]);
  expect(test(), what);
}
const wrong = () => (shown.get(uri)?.diagnostics ?? []).map((d) => d.message);

const hello = await link.sendRequest("initialize", {
  processId: process.pid, rootUri: null, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "config" }],
  capabilities: { general: { positionEncodings: ["utf-16"] }, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
});
expect(hello.capabilities.hoverProvider && hello.capabilities.positionEncoding === "utf-16", `it is ${hello.serverInfo.name} ${hello.serverInfo.version}`);
await link.sendNotification("initialized", {});

let version = 1;
await link.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version, text } });
const said = () => JSON.parse(execFileSync(attache, ["check", "--json"], { cwd: folder, env: { ...process.env, ATTACHE_CONFIG: "attache.yaml" } }));
const want = said();
await until("what is shipped is shown as check says it", () => shown.get(uri)?.version === 1 &&
  JSON.stringify(wrong()) === JSON.stringify([...want.errors, ...want.warnings].filter((e) => e.file.endsWith("us-china.yaml")).map((e) => e.message)));

// One types at the end: a summit with a slip in it, and a wide character before.
const lines = text.split("\n").length - 1;
const added = "  - {id: later, title: \"北京 𝔸\", kind: sumit, when: {after: event:beijing-visit}}\n";
await link.sendNotification("textDocument/didChange", {
  textDocument: { uri, version: ++version },
  contentChanges: [{ range: { start: { line: lines, character: 0 }, end: { line: lines, character: 0 } }, text: added }],
});
await until("a slip is shown while one types", () => wrong().some((m) => m.includes('"sumit" is no kind')));
const slip = shown.get(uri).diagnostics.find((d) => d.message.includes("sumit"));
expect(added.slice(slip.range.start.character, slip.range.end.character) === "sumit", "at its place, in UTF-16");

const actions = await link.sendRequest("textDocument/codeAction", { textDocument: { uri }, range: slip.range, context: { diagnostics: [slip] } });
expect(actions.length === 1 && actions[0].edit.changes[uri][0].newText === "summit", "and mended by what was meant");
await link.sendNotification("textDocument/didChange", { textDocument: { uri, version: ++version }, contentChanges: [actions[0].edit.changes[uri][0]].map((e) => ({ range: e.range, text: e.newText })) });
await until("which ends it", () => shown.get(uri)?.version === version && !wrong().some((m) => m.includes("sumit")));

const at = (needle) => ({ textDocument: { uri }, position: { line: lines, character: added.replace("sumit", "summit").indexOf(needle) + needle.length } });
const offered = (await link.sendRequest("textDocument/completion", at("event:bei"))).items;
expect(offered.some((i) => i.textEdit.newText === "event:beijing-visit"), "ids are completed");
const why = (await link.sendRequest("textDocument/hover", at("event:bei"))).contents.value;
expect(/because/.test(why) && /- Asia\/Shanghai: /.test(why) && /- UTC: /.test(why), "a date says why, in several zones");
const defined = await link.sendRequest("textDocument/definition", at("event:bei"));
expect(defined.length === 1 && text.split("\n")[defined[0].range.start.line].includes("beijing-visit"), "an id is found");
expect((await link.sendRequest("textDocument/references", { ...at("event:bei"), context: { includeDeclaration: false } })).length >= 1, "and its uses");
const refused = await link.sendRequest("textDocument/rename", { ...at("event:bei"), newName: "x" }).catch((e) => e.message);
expect(/stays for ever/.test(refused), "and is not renamed");

await link.sendRequest("shutdown");
await link.sendNotification("exit");
expect((await left) === 0, "it ends when it is told");

const other = start();
other.link.listen();
await other.link.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
other.server.stdin.end();
expect((await other.left) === 1, "and when the editor goes without a word");
process.exit(failed ? 1 : 0);
