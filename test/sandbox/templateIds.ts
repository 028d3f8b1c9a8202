import type { Switches } from './switches';

/** The id of a template: a UUID, or like those of the examples, which have letters beyond f. */
export function templateId(uuid: string, { templateIds }: Switches): string {
	return templateIds === 'uuid' ? uuid : `t${uuid.slice(1, 9)}l${uuid.slice(10)}`;
}
