/**
 * The text of one member of a JSON object, as it stands there: digits, white space and the order of
 * keys are its own, where parsing and writing it again would alter them.
 *
 * It goes from character to character, as a regular expression overflows on large texts.
 *
 * @param json valid JSON
 * @returns undefined when it is no object, or has no such member; of several the last, as in parsing
 */
export function memberText(json: string, name: string): string | undefined {
	let at = afterSpace(json, 0);
	if (json[at] !== '{') return undefined;
	let found: string | undefined;
	at = afterSpace(json, at + 1);
	while (json[at] === '"') {
		const keyEnd = afterString(json, at);
		const isWanted = JSON.parse(json.slice(at, keyEnd)) === name;
		// The colon comes next.
		const start = afterSpace(json, afterSpace(json, keyEnd) + 1);
		const end = afterValue(json, start);
		if (isWanted) found = json.slice(start, end).trimEnd();
		if (json[end] !== ',') break;
		at = afterSpace(json, end + 1);
	}
	return found;
}

/** Where a JSON string ends that begins at a place: after its closing quotation mark. */
export function afterString(json: string, start: number): number {
	for (let at = start + 1; at < json.length; at++) {
		if (json[at] === '\\') at++;
		else if (json[at] === '"') return at + 1;
	}
	return json.length;
}

// Up to the comma or bracket behind it.
function afterValue(json: string, start: number): number {
	let depth = 0;
	for (let at = start; at < json.length; ) {
		const character = json[at];
		if (character === '"') {
			at = afterString(json, at);
			continue;
		}
		if (character === '{' || character === '[') depth++;
		else if (character === '}' || character === ']') {
			if (depth === 0) return at;
			depth--;
		} else if (character === ',' && depth === 0) return at;
		at++;
	}
	return json.length;
}

function afterSpace(json: string, start: number): number {
	let at = start;
	while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at++;
	return at;
}
