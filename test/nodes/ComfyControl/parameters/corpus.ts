/** A workflow file in one of the shapes that people bring, written for the tests. */
export interface CorpusFile {
	what: string;
	bytes: Buffer;
	/** What arrives of it, if its encoding is another. */
	sent?: string;
}

/** One that nothing is to be sent of. */
interface WrongFile extends CorpusFile {
	/** What the node says of it. */
	message: string;
	/** What has to be in the advice. */
	advice: string;
}

const node = (inputs: string, more = '') =>
	`"3": { "class_type": "KSampler", "inputs": { ${inputs} }${more} }`;
const flow = (inputs: string, more = '') => `{ ${node(inputs, more)} }`;
const PLAIN = flow('"seed": 1, "steps": 20');
const UTF8 = flow('"text": "café 灯塔 🏚"');

const valid = (what: string, text: string): CorpusFile => ({ what, bytes: Buffer.from(text) });
const wrong = (
	what: string,
	content: string | Buffer,
	message: string,
	advice: string,
): WrongFile => ({
	what,
	bytes: typeof content === 'string' ? Buffer.from(content) : content,
	message,
	advice,
});
const near = (value: string): WrongFile =>
	wrong(
		`the near-placeholder ${value}`,
		flow(`"text": ${JSON.stringify(value)}`),
		'is not quite a placeholder',
		"'text' of node '3'",
	);

export const VALID: CorpusFile[] = [
	valid('a sampler', PLAIN),
	valid('a node with a title', flow('"seed": 1', ', "_meta": { "title": "KSampler" }')),
	valid(
		'links between nodes',
		`{ ${node('"model": ["4", 0]')}, "4": {"class_type":"Loader","inputs":{}} }`,
	),
	valid('ids of subgraphs', '{"57:8":{"class_type":"VAEDecode","inputs":{"samples":["57:3",0]}}}'),
	valid('nested subgraphs', '{"1:2:30":{"inputs":{},"class_type":"EmptyLatentImage"}}'),
	valid('names as ids', '{"load":{"class_type":"LoadImage","inputs":{"image":"a.png"}}}'),
	valid('Chinese and emoji', flow('"text": "一座灯塔, 🏚🌊"')),
	valid('escapes', flow('"text": "\\u00e9\\n\\"x\\" \\ud83c\\udfda \\\\"')),
	valid('a large seed', flow('"seed": 18446744073709551615')),
	valid('a seed just above 2^53', flow('"noise_seed": 9007199254740993')),
	valid('decimals as written', flow('"cfg": 24.0, "denoise": 1e-07, "eta": 1.50E+2')),
	valid('keys out of order', `{ "9": {"class_type":"A","inputs":{}}, ${node('"z": 1, "a": 2')} }`),
	valid('a key twice', flow('"seed": 1, "seed": 2')),
	valid('Windows line breaks', PLAIN.replace(/ /g, '\r\n')),
	valid('white space around it', `\n\t ${PLAIN} \n\n`),
	valid('switches and nothing', flow('"a": true, "b": null, "c": []')),
	valid('weights', flow('"text": "(masterpiece:1.2), [a|b], <lora:x:0.8>"')),
	valid('wildcards', flow('"text": "{red|blue} __animal__ ${season} {2$$a|b}"')),
	valid('prices', flow('"text": "a $5 (five) bill, #1 choice"')),
	valid('code', flow('"code": "for f in $(ls); do echo ${f%.png} $text; done"')),
	valid('a file path', flow('"file": "C:\\\\models\\\\a (1).safetensors"')),
	valid('generated values', flow('"seed": "$random()", "prefix": "$timestamp()"')),
	valid('a text with a default', flow('"text": "$text(prompt, a barn (old), 8k)"')),
	valid('a choice', flow('"sampler": "$choice(sampler, euler, dpm_2)"')),
	valid('one name twice', flow('"a": "$text(steps, 4)", "b": "$text(steps, 23)"')),
	valid('JSON in a text', flow('"points": "[{\\"x\\": 1}]"')),
	{ what: 'a mark before UTF-8', bytes: Buffer.from(`\uFEFF${UTF8}`), sent: UTF8 },
	{ what: 'UTF-16 of PowerShell', bytes: Buffer.from(`\uFEFF${UTF8}`, 'utf16le'), sent: UTF8 },
	{
		what: 'UTF-16 the other way round',
		bytes: Buffer.from(`\uFEFF${UTF8}`, 'utf16le').swap16(),
		sent: UTF8,
	},
];

const EXPORT = "'File' > 'Export (API)'";

export const WRONG: WrongFile[] = [
	wrong('Latin-1', Buffer.from(flow('"text": "café"'), 'latin1'), 'not UTF-8', 'UTF-8'),
	wrong('UTF-16 without a mark', Buffer.from(PLAIN, 'utf16le'), 'without a mark', 'UTF-8'),
	wrong('a PNG', Buffer.from('89504e470d0a1a0a00', 'hex'), 'PNG picture', 'dropping it'),
	wrong('a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 'JPEG picture', 'dropping it'),
	wrong('a PNG in base64', 'iVBORw0KGgoAAAANSUhEUg==', 'PNG picture', 'dropping it'),
	wrong('a Markdown fence', `\`\`\`json\n${PLAIN}\n\`\`\``, 'Markdown', 'Remove the lines'),
	wrong('comments', `{ // the sampler\n${node('"seed": 1')} }`, 'comments', 'Remove'),
	wrong('long comments', `/* mine */ ${PLAIN}`, 'comments', 'Remove'),
	wrong('NaN', flow('"cfg": NaN, "text": "NaN // no"'), 'holds NaN', 'Put a number'),
	wrong('-Infinity', flow('"cfg": -Infinity'), 'holds -Infinity', 'Put a number'),
	wrong('an object as text', '[object Object]', 'became text', 'JSON.stringify'),
	wrong('half a file', '{ "3": { "class_type"', "isn't valid JSON", EXPORT),
	wrong("the editor's format", '{"nodes":[],"links":[]}', "ComfyUI's editor", EXPORT),
	wrong(
		'a node without a class',
		`{ ${node('"a": 1')}, "90": {"inputs":{},"_meta":{"title":"X"}} }`,
		"Node '90' ('X')",
		'custom node',
	),
	wrong('a node without class and title', '{"90":{"inputs":{}}}', "Node '90' of", 'custom node'),
	wrong(
		'a comment beside its nodes',
		`{ "_comment": "mine", ${node('"a": 1')} }`,
		"'_comment'",
		'Remove',
	),
	wrong(
		'data beside its nodes',
		`{ ${node('"a": 1')}, "_meta": {"version": 1} }`,
		"'_meta'",
		'Remove',
	),
	wrong(
		'the body of a prompt',
		`{"client_id":"x","prompt":${PLAIN}}`,
		"in 'prompt'",
		'$json.prompt',
	),
	wrong('Extract From File', `{"data":${PLAIN}}`, "in 'data'", '{{ $json.data }}'),
	wrong('a text in a wrapper', JSON.stringify({ data: PLAIN }), "in 'data'", '{{ $json.data }}'),
	wrong('a list with it', `[${PLAIN}]`, "in '0'", '{{ $json[0] }}'),
	wrong('a deep wrapper', `{"a b":{"flow":${PLAIN}}}`, "in 'a b.flow'", '{{ $json["a b"].flow }}'),
	wrong('two workflows', `{"one":${PLAIN},"two":${PLAIN}}`, 'several workflows', 'one of them'),
	wrong('JSON encoded twice', JSON.stringify(PLAIN), 'encoded twice', 'JSON.stringify()'),
	wrong('nothing in it', '{}', "isn't a ComfyUI workflow", EXPORT),
	wrong('too many options', flow('"s": "$choice(s, a, b, c, d, e)"'), 'has 5 options', '2 to 4'),
	wrong('one option', flow('"s": "$choice(s, a)"'), 'has 1 option', '2 to 4'),
	wrong('a file with a dot', flow('"s": "$file(a.png)"'), "'a.png' is no name", 'digits'),
	...[
		'photo of $text(subject), 8k',
		'$Text(x)',
		'$text (x)',
		'${text(x)}',
		'#choice(s,a)',
		'$random ()',
		'$text(prompt',
		'$text(a) and $text(b)',
		'ComfyUI_$timestamp()',
	].map(near),
];
