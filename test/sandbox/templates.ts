import type { JsonFile } from './json';
import { isoTime } from './times';

/** A stored definition that may hold placeholders. */
export interface SandboxTemplate {
	id: string;
	userId: string;
	name: string;
	description: string;
	body: JsonFile;
	createdAtMs: number;
	updatedAtMs: number;
}

/** A template as it is in a list: without its body. */
export function templateSummary(template: SandboxTemplate) {
	const { id, userId, name, description, createdAtMs, updatedAtMs } = template;
	return {
		id,
		user_id: userId,
		name,
		description,
		created_at: isoTime(createdAtMs),
		updated_at: isoTime(updatedAtMs),
	};
}

/** Everything that the API tells of a template, as the JSON that it answers. */
export function templateDetails(template: SandboxTemplate): string {
	const summary = JSON.stringify(templateSummary(template));
	return `${summary.slice(0, -1)},"body":${template.body.text}}`;
}
