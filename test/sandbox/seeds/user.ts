/** The user that the sandbox's token belongs to. */
export const user = {
	id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
	name: 'John Doe',
	email: 'john@example.com',
	deleted: false,
	tier: 'pro',
	provider: 'github',
	created_at: '2024-01-01T00:00:00Z',
	updated_at: '2024-01-15T10:30:00Z',
};

/** Somebody else, whose things the user must not see. */
export const otherUserId = '9b2d1f60-3c44-4f0e-8a57-6f2f0c1de111';
