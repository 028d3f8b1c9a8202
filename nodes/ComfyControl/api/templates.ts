import { parsedJson } from '../transport/answerBody';
import { MultipartBody, type FormPart } from '../transport/multipart';
import { endpoint, isEntity, listEndpoint, type ById, type Entity } from './endpoint';
import { jsonFile } from './jsonFile';

const noun = 'template';
const path = '/v1/template';
const ofOne = `${path}/{id}`;

/** What a template is made of, or what is to be changed of it. */
export interface TemplateContent {
	name?: string;
	description?: string;
	/** The workflow's JSON. */
	definition?: string;
}

export const createTemplate = endpoint({
	method: 'POST',
	path,
	page: 'templates/create',
	noun,
	content: (template: TemplateContent) => ({ body: new MultipartBody(templateForm(template)) }),
	isExpected: isEntity,
});

export const listTemplates = listEndpoint({ path, page: 'templates/list', noun }, 'templates');

/** Reads a template with its workflow JSON. */
export const getTemplate = endpoint<ById, Entity>({
	method: 'GET',
	path: ofOne,
	page: 'templates/get',
	noun,
	isExpected: isEntity,
});

/** Reads a template as the text of the answer: no digit of its workflow JSON is lost. */
export const getTemplateText = endpoint<ById, string>({
	method: 'GET',
	path: ofOne,
	page: 'templates/get',
	noun,
	answerAsText: true,
	isExpected: (body): body is string => typeof body === 'string' && isEntity(parsedJson(body)),
});

export const updateTemplate = endpoint({
	method: 'PUT',
	path: ofOne,
	page: 'templates/update',
	noun,
	content: (template: ById & TemplateContent) => ({
		body: new MultipartBody(templateForm(template)),
	}),
	isExpected: isEntity,
});

/** The parts of the form that a template is sent in. */
export function templateForm({ name, description, definition }: TemplateContent): FormPart[] {
	const parts: FormPart[] = [];
	if (name !== undefined) parts.push({ field: 'name', text: name });
	if (description !== undefined) parts.push({ field: 'description', text: description });
	if (definition !== undefined) parts.push(jsonFile('body', definition));
	return parts;
}
