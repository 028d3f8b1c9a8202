import { getManagedRunner, getManagedRunnerHistory, listManagedRunners } from './managedRunners';
import {
	createRunner,
	getRunner,
	getRunnerHistory,
	interruptRunner,
	listRunners,
	updateRunner,
} from './runners';
import { createTemplate, getTemplate, listTemplates, updateTemplate } from './templates';
import { getUser } from './user';
import {
	cancelWorkflow,
	createWorkflow,
	getWorkflow,
	listOutputs,
	listWorkflows,
	rerunWorkflow,
} from './workflows';

/** All that ComfyControl's API documents, by the names that the code calls them by. */
export const ENDPOINTS = {
	createWorkflow,
	listWorkflows,
	getWorkflow,
	listOutputs,
	rerunWorkflow,
	cancelWorkflow,
	createTemplate,
	listTemplates,
	getTemplate,
	updateTemplate,
	createRunner,
	listRunners,
	getRunner,
	updateRunner,
	getRunnerHistory,
	interruptRunner,
	listManagedRunners,
	getManagedRunner,
	getManagedRunnerHistory,
	getUser,
};
