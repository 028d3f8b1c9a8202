const someLimit: ReadonlyArray<number | null> = [null, 1];
const someDuration: readonly number[] = [0, 3_000];

/**
 * The places where ComfyControl's documentation is silent or contradicts itself, and how each can be
 * read. The first reading is the most likely one; a client has to work with every other one too. What
 * the node does about those that matter to it is in docs/api-assumptions.md.
 */
export const readings = {
	/** The success code of a rerun. */
	rerunStatus: [200, 201],
	/** The success code of what creates something: a workflow, a template, a runner. */
	createStatus: [201, 200],
	/** Texts and choices that a rerun leaves out. */
	omittedParameters: ['kept', 'defaults', 'refused'],
	/** Files that a rerun leaves out. */
	omittedFiles: ['kept', 'refused'],
	/** A text with a default, and a choice, that a new workflow is not given. */
	omittedOnCreate: ['defaults', 'refused'],
	/** Names of $file() that break the naming rule, and $choice() without 2 to 4 options. */
	placeholderRules: ['unchecked', 'checked'],
	/** Whether a JSON "file" may come as a plain text part. */
	jsonPart: ['fileOnly', 'textToo'],
	/** Spaces around the commas of `tags`. */
	tagSpaces: ['trimmed', 'kept'],
	/** A rerun without any field. */
	emptyRerun: ['accepted', 'refused'],
	/** The states that an original may be in. */
	rerunOf: ['anyState', 'completedOnly'],
	/** A field name that the workflow has no placeholder for. */
	unknownParameters: ['refused', 'ignored'],
	/** The same field sent twice. */
	repeatedParameters: ['refused', 'lastWins'],
	/** A choice that is not one of the options. */
	choiceOutsideList: ['refused', 'accepted'],
	/** A text that is empty, although texts are called required. */
	emptyText: ['accepted', 'refused'],
	/** Whether the naming rule of $file() binds the names of uploaded files. */
	uploadedFileNames: ['any', 'lettersDigitsHyphenUnderscore'],
	/** Whether runners take workflows at all; else none matches any tags. */
	runnerAvailable: [true, false],
	/** How many parameters a workflow may have in the user's tier; null for no limit. */
	parameterLimit: someLimit,
	/** How many templates a user of the tier may have; null for no limit. */
	templateLimit: someLimit,
	/** How many runners a user of the tier may have; null for no limit. */
	runnerLimit: someLimit,
	/** Whether the runner answers when it is asked to cancel or to interrupt. */
	runnerReachable: [true, false],
	/** What an interrupted workflow becomes. */
	interrupted: ['cancelled', 'failed'],
	/** Whether new headers and tags of a runner replace the old ones or are added to them. */
	runnerUpdate: ['replaces', 'merges'],
	/** Endpoints in a private network: shown in an example, but said to be out of reach. */
	privateEndpoints: ['accepted', 'refused'],
	/** The status of a request over 50 MB: the API's documented 400, or a proxy's 413. */
	tooLargeStatus: [400, 413],
	/** An id that is no UUID: 400 on the errors page, 404 on the outputs page. */
	invalidIdStatus: [400, 404],
	/** What a workflow, a template or a runner of somebody else answers. */
	othersStatus: [404, 403],
	/** Ids of templates: UUIDs, or as in the examples with letters that no UUID has. */
	templateIds: ['uuid', 'notHex'],
	/** The outputs of a completed workflow that made none. */
	noOutputs: ['emptyArray', 'notFound'],
	/** `status` of a list: the listed values (five of the eight of workflows), all, no filter. */
	statusFilter: ['listedValues', 'allValues', 'ignored'],
	/** `page` and `per_page` outside their limits. */
	pageOutOfRange: ['refused', 'clamped'],
	/** Names in workflow_params: `#choice(sampler)`, `$choice(sampler, a, b)` or `#sampler`. */
	paramNames: ['documented', 'placeholder', 'formField'],
	/** Files in workflow_params: by their file name, or left out. */
	fileParams: ['fileName', 'absent'],
	/** Whether values of $random() and $timestamp() are in workflow_params. */
	generatedParams: ['absent', 'present'],
	/** workflow_json as uploaded, with the values filled in, or in ComfyUI's UI format. */
	workflowJson: ['placeholders', 'filledIn', 'uiFormat'],
	/** Error fields of a workflow that did not fail. */
	errorFields: ['null', 'absent'],
	/** Whether an `invalid` workflow says why. */
	errorFieldsOfInvalid: ['set', 'empty'],
	/** completed_at of a workflow that failed or was cancelled. */
	completedAtOfFailed: ['set', 'null'],
	/** queue_number as ComfyUI's ever growing counter, or as a position that counts down. */
	queueNumber: ['counter', 'position'],
	/** How long a cancelled job goes on before it stops. */
	cancelTakesMs: someDuration,
	/** The body of a 429. */
	rateLimitBody: ['html', 'json'],
	/** Whether a 429 carries Retry-After. */
	retryAfter: [false, true],
	/** Whether storage packs files though it is asked not to. */
	storagePacks: [false, true],
	/** Whether lists go by `page`, or answer their first page to any. */
	pages: ['counted', 'ignored'],
	/** Whether texts of the API repeat the token that they were asked with. */
	repeatsToken: [false, true],
	/** `provider` of the user: required in the field list, absent from the example. */
	userProvider: ['present', 'absent'],
} as const;

/** One reading of each of these places. */
export type Switches = {
	-readonly [Name in keyof typeof readings]: (typeof readings)[Name][number];
};

/** The most likely reading of the documentation. */
export const defaultSwitches: Switches = {
	rerunStatus: 200,
	createStatus: 201,
	omittedParameters: 'kept',
	omittedFiles: 'kept',
	omittedOnCreate: 'defaults',
	placeholderRules: 'unchecked',
	jsonPart: 'fileOnly',
	tagSpaces: 'trimmed',
	emptyRerun: 'accepted',
	rerunOf: 'anyState',
	unknownParameters: 'refused',
	repeatedParameters: 'refused',
	choiceOutsideList: 'refused',
	emptyText: 'accepted',
	uploadedFileNames: 'any',
	runnerAvailable: true,
	parameterLimit: null,
	templateLimit: null,
	runnerLimit: null,
	runnerReachable: true,
	interrupted: 'cancelled',
	runnerUpdate: 'replaces',
	privateEndpoints: 'accepted',
	tooLargeStatus: 400,
	invalidIdStatus: 400,
	othersStatus: 404,
	templateIds: 'uuid',
	noOutputs: 'emptyArray',
	statusFilter: 'listedValues',
	pageOutOfRange: 'refused',
	paramNames: 'documented',
	fileParams: 'fileName',
	generatedParams: 'absent',
	workflowJson: 'placeholders',
	errorFields: 'null',
	errorFieldsOfInvalid: 'set',
	completedAtOfFailed: 'set',
	queueNumber: 'counter',
	cancelTakesMs: 0,
	rateLimitBody: 'html',
	retryAfter: false,
	storagePacks: false,
	pages: 'counted',
	repeatsToken: false,
	userProvider: 'present',
};
