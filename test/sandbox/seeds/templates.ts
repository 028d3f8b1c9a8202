import type { Collection } from '../collection';
import type { JsonFile } from '../json';
import type { WorkflowJson } from '../placeholders';
import type { Switches } from '../switches';
import { templateId } from '../templateIds';
import type { SandboxTemplate } from '../templates';
import * as definitions from './definitions';
import { otherUserId, user } from './user';

const textToImageUuid = '61e2a3b4-5c6d-4e7f-8091-a2b3c4d5e6f7';
const videoUuid = '72f3b4c5-6d7e-4f80-91a2-b3c4d5e6f708';

/** Ids of the templates that are there from the start. */
export function seededTemplateIds(switches: Switches) {
	return {
		/** "Text to Image": every kind of placeholder. */
		textToImage: templateId(textToImageUuid, switches),
		/** "Short Video": a text and four choices. */
		video: templateId(videoUuid, switches),
	};
}

/** A template of another user. */
export const othersTemplateId = '83a4c5d6-7e8f-4091-a2b3-c4d5e6f70819';

function jsonFile(value: WorkflowJson): JsonFile {
	return { text: JSON.stringify(value), value };
}

export function plantTemplates(
	templates: Collection<SandboxTemplate>,
	newestMs: number,
	switches: Switches,
): void {
	const ids = seededTemplateIds(switches);
	const template = (id: string, hoursBefore: number): Omit<SandboxTemplate, 'body' | 'name'> => {
		const createdAtMs = newestMs - hoursBefore * 3_600_000;
		const description = 'A starting point, with placeholders for what changes.';
		return { id, userId: user.id, description, createdAtMs, updatedAtMs: createdAtMs };
	};
	templates.add({
		...template(ids.video, 200),
		name: 'Short Video',
		body: jsonFile(definitions.video),
	});
	templates.add({
		...template(ids.textToImage, 150),
		name: 'Text to Image',
		body: jsonFile(definitions.textToImage),
	});
	templates.add({
		...template(othersTemplateId, 140),
		userId: otherUserId,
		name: 'Somebody Else’s Template',
		body: jsonFile(definitions.poemToPicture),
	});
}
