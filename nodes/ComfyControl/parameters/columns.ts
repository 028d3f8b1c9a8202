import { closest, listed, shortened } from './wording';
import { kindAndName } from './placeholders';
import { wrong, type Checked, type ParameterKind, type Problem } from './types';
import type { WorkflowParameter } from './workflowParameters';

type Named = Pick<WorkflowParameter, 'kind' | 'name'>;

/** Which column fills which parameter. */
export interface Fit {
	/** The column of a parameter, if it has one. */
	columnOf(parameter: Named): string | undefined;
	/** The columns that fit no parameter. */
	unused: string[];
}

/** What holds the columns: an item, or one object of JSON. */
export type Holder = 'item' | 'JSON';

/** A column, as a sentence begins with it. */
export function fieldOf(holder: Holder, column: string): string {
	return `The field '${shortened(column)}' of the ${holder}`;
}

/**
 * Finds the column of each parameter: the one of exactly its name, or else the one that differs only
 * in case, spaces, `_`, `-` or a pasted prefix.
 *
 * @returns a problem where it could be more than one: guessing costs a paid run
 */
export function fitColumns(
	parameters: Named[],
	columns: string[],
	holder: Holder = 'item',
): Checked<Fit> {
	const names = new Set(parameters.map(({ name }) => name));
	const exact = new Set(columns.filter((column) => names.has(column)));
	const loose = columns.filter((column) => !exact.has(column));
	const fits = new Map<string, string>();
	const owners = new Map<string, string>();
	for (const parameter of parameters) {
		if (exact.has(parameter.name)) {
			fits.set(keyOf(parameter), parameter.name);
			continue;
		}
		const candidates = loose.filter((column) => isFor(column, parameter));
		if (candidates.length === 0) continue;
		const [column] = candidates;
		if (candidates.length > 1) return ambiguous(parameter.name, candidates, holder);
		const owner = owners.get(column);
		if (owner !== undefined && owner !== parameter.name) {
			return wrong(
				`The field '${shortened(column)}' could be the parameter '${owner}' or '${parameter.name}'`,
				'Give it exactly the name of the parameter that it is for.',
			);
		}
		owners.set(column, parameter.name);
		fits.set(keyOf(parameter), column);
	}
	const used = new Set(fits.values());
	return {
		value: {
			columnOf: (parameter) => fits.get(keyOf(parameter)),
			unused: columns.filter((column) => !used.has(column)),
		},
	};
}

/** The problem of an item that would change nothing, with both sides, so that the difference is seen. */
export function noColumnFits(parameters: Named[], columns: string[]): Problem {
	const names = parameters.map(({ name }) => name);
	const guess = columns.flatMap((column) => {
		const name = closest(bareName(column), names);
		return name === undefined ? [] : [{ column, name }];
	})[0];
	const meant =
		guess === undefined ? '' : `: did you mean '${guess.name}' by '${shortened(guess.column)}'?`;
	const has =
		columns.length === 0
			? 'The item is empty, as after a node with Always Output Data that found nothing.'
			: `The item has ${listed(columns.map((column) => `'${shortened(column)}'`))}.`;
	if (names.length === 0) {
		return {
			message: 'The workflow has no parameters that columns could fill',
			description: `${has} Put placeholders such as $text(prompt) into the workflow, or choose 'Map Each Column Manually'.`,
		};
	}
	const takes = listed(parameters.map(({ name, kind }) => `'${name}' (${kind})`));
	return {
		message: `No field of the item fits a parameter of the workflow${meant}`,
		description: `${has} The workflow takes ${takes}. Rename the fields before this node, or choose 'Map Each Column Manually'.`,
	};
}

/** The problem of an item whose fields fit, but would change nothing, as each of them is empty. */
export function allEmpty(columns: string[]): Problem {
	const fields = listed([...new Set(columns)].map((column) => `'${shortened(column)}'`));
	return {
		message: 'Every field of the item that fits a parameter of the workflow is empty',
		description: `Empty: ${fields}. Nothing is sent for an empty field, so the item would change nothing. Fill a field, or leave the item out, such as with a Filter node.`,
	};
}

/** The hint for fields that were left over. */
export function unusedHint(parameters: Named[], unused: string[]): string {
	const fields = listed(unused.map((column) => `'${shortened(column)}'`));
	const names = listed(parameters.map(({ name }) => `'${name}'`));
	return `Not sent, as the workflow has no parameters of these names: ${fields}. It takes ${names}.`;
}

function ambiguous(name: string, candidates: string[], holder: Holder): { problem: Problem } {
	return wrong(
		`More than one field of the ${holder} could be the parameter '${name}'`,
		`They are ${listed(candidates.map((column) => `'${shortened(column)}'`))}. Call one of them exactly '${name}', or remove the others.`,
	);
}

function keyOf({ kind, name }: Named): string {
	return `${kind} ${name}`;
}

function isFor(column: string, { kind, name }: Named): boolean {
	return simplified(bareName(column)) === simplified(name) && mayBe(column.trim(), kind);
}

// A prefix says what it is for.
function mayBe(column: string, kind: ParameterKind): boolean {
	const placeholder = kindAndName(column);
	if (placeholder) return placeholder.kind === kind;
	if (column.startsWith('#')) return kind === 'choice';
	return !column.startsWith('$') || kind !== 'choice';
}

function bareName(column: string): string {
	const written = column.trim();
	return kindAndName(written)?.name ?? written.replace(/^[$#]/, '');
}

function simplified(name: string): string {
	const plain = name.normalize('NFC').toLowerCase();
	// A name of nothing but separators would fit any other such.
	return plain.replace(/[\s_-]/g, '') || plain;
}
