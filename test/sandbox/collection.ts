interface Owned {
	id: string;
	userId: string;
	createdAtMs: number;
	updatedAtMs: number;
}

/** What users have made and may change, such as templates. */
export class Collection<Thing extends Owned> {
	private things: Thing[] = [];

	add(thing: Thing): Thing {
		this.things.push(thing);
		return thing;
	}

	find(id: string): Thing | undefined {
		return this.things.find((thing) => thing.id === id.toLowerCase());
	}

	/** Replaces the thing of the same id. */
	update(changed: Thing): Thing {
		this.things = this.things.map((thing) => (thing.id === changed.id ? changed : thing));
		return changed;
	}

	/** Everything, the oldest first. */
	all(): Thing[] {
		return [...this.things];
	}

	clear(): void {
		this.things = [];
	}
}
