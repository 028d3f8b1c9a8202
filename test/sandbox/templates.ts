import { isoTime } from './times';

/** A stored definition that may hold placeholders. */
export interface SandboxTemplate {
	id: string;
	userId: string;
	name: string;
	description: string;
	body: Record<string, unknown>;
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

/** Everything that the API tells of a template. */
export function templateDetails(template: SandboxTemplate) {
	return { ...templateSummary(template), body: template.body };
}
