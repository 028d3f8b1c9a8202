import type { Context } from './context';
import type { Param, RunnerRef, SandboxWorkflow } from './jobs';
import { ownNewestFirst } from './own';
import { fillIn, namedPlaceholders, nodesOf, type Placeholder } from './placeholders';
import type { Switches } from './switches';
import { isoTime } from './times';

const historyLength = 10;

/** The workflow summary of the rerun answer and of lists. */
export function summary(workflow: SandboxWorkflow, switches: Switches) {
	const { id, name, status, tags } = workflow;
	return { id, name, status, tags, ...times(workflow, switches) };
}

/** Everything that GET /v1/workflow/{id} tells. */
export function details(workflow: SandboxWorkflow, { switches, token }: Context) {
	const { id, userId, name, status, runner, tags, position, number, promptId } = workflow;
	return {
		id,
		user_id: userId,
		name,
		status,
		user_runner_id: runner.kind === 'user' ? runner.id : null,
		managed_runner_id: runner.kind === 'managed' ? runner.id : null,
		tags,
		workflow_json: definition(workflow, switches),
		workflow_params: workflowParams(workflow, switches),
		prompt_id: position === null ? null : promptId,
		queue_number: switches.queueNumber === 'position' || position === null ? position : number,
		...errorFields(workflow, switches, token),
		...times(workflow, switches),
	};
}

/** The user's latest workflows on a runner, the newest first. */
export function runnerHistory({ kind, id }: RunnerRef, { jobs, switches }: Context) {
	return ownNewestFirst(jobs.all())
		.filter(({ runner }) => runner.kind === kind && runner.id === id)
		.slice(0, historyLength)
		.map((workflow) => summary(workflow, switches));
}

function times(workflow: SandboxWorkflow, switches: Switches) {
	const { status, createdAtMs, updatedAtMs, startedAtMs, endedAtMs } = workflow;
	const tellsEnd = status === 'completed' || switches.completedAtOfFailed === 'set';
	return {
		created_at: isoTime(createdAtMs),
		updated_at: isoTime(updatedAtMs),
		started_at: startedAtMs === null ? null : isoTime(startedAtMs),
		completed_at: endedAtMs === null || !tellsEnd ? null : isoTime(endedAtMs),
	};
}

function errorFields({ status, outcome }: SandboxWorkflow, switches: Switches, token: string) {
	const repeated = switches.repeatsToken ? ` (Bearer ${token})` : '';
	const failed =
		status === 'failed' || (status === 'invalid' && switches.errorFieldsOfInvalid === 'set');
	if (!failed) {
		if (switches.errorFields === 'absent') return {};
		return { error_node: null, exception_type: null, exception_message: null };
	}
	return {
		error_node: outcome.error_node ?? null,
		exception_type: outcome.exception_type ?? null,
		exception_message: outcome.exception_message ? outcome.exception_message + repeated : null,
	};
}

/** Pairs of name and value, in the order of the workflow. */
function workflowParams(workflow: SandboxWorkflow, switches: Switches): Array<[string, string]> {
	const tokens = new Map(
		namedPlaceholders(workflow.workflowJson).map(({ kind, name, token }) => [
			`${kind} ${name}`,
			token,
		]),
	);
	const named = workflow.params
		.filter(({ kind }) => kind !== 'file' || switches.fileParams === 'fileName')
		.map((param): [string, string] => {
			const token = tokens.get(`${param.kind} ${param.name}`) ?? '';
			return [paramName(param, token, switches), param.value];
		});
	if (switches.generatedParams === 'absent') return named;
	return [...named, ...generatedParams(workflow)];
}

function paramName({ kind, name }: Param, token: string, { paramNames }: Switches): string {
	if (paramNames === 'placeholder') return token;
	const sign = kind === 'choice' ? '#' : '$';
	return paramNames === 'formField' ? `${sign}${name}` : `${sign}${kind}(${name})`;
}

function generatedParams({ workflowJson, generated }: SandboxWorkflow): Array<[string, string]> {
	const pairs: Array<[string, string]> = [];
	fillIn(workflowJson, ({ token }, place) => {
		if (place in generated) pairs.push([token, generated[place]]);
	});
	return pairs;
}

function definition(workflow: SandboxWorkflow, { workflowJson }: Switches) {
	if (workflowJson === 'placeholders') return workflow.workflowJson;
	if (workflowJson === 'filledIn') {
		return fillIn(workflow.workflowJson, (placeholder, place) =>
			valueAt(workflow, placeholder, place),
		);
	}
	return uiFormat(workflow);
}

function valueAt({ params, generated }: SandboxWorkflow, placeholder: Placeholder, place: string) {
	if (!('name' in placeholder)) {
		return placeholder.kind === 'random' ? Number(generated[place]) : generated[place];
	}
	const { kind, name, token } = placeholder;
	const param = params.find((candidate) => candidate.kind === kind && candidate.name === name);
	return param?.value ?? token;
}

/** ComfyUI's format for its editor, where values have no names: `{ nodes, links, config }`. */
function uiFormat({ workflowJson }: SandboxWorkflow) {
	const nodes = nodesOf(workflowJson).map(([id, node]) => ({
		id: Number(id),
		type: node.class_type,
		widgets_values: Object.values(node.inputs).filter((value) => !Array.isArray(value)),
	}));
	return { nodes, links: [], config: {} };
}
