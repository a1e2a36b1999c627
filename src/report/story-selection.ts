import type { Flow } from "../flow/model.ts";
import type { Story, StoryModule, StoryStep } from "../flow/story.ts";
import { present } from "../gomod/present.ts";
import { targetKey } from "../gomod/target-facts.ts";

/** The story as far as kept flows tell it: modules and databases that something was asked for there, and their hosts. */
export function narrowedStory(story: Story, flows: Iterable<Flow>): Story {
  const ids = new Set<number>();
  const hosts = new Set<string>();
  for (const { id, target, targets = [target] } of flows) {
    ids.add(id);
    for (const each of targets) hosts.add(targetKey(each));
  }
  const isKept = ({ flow }: Pick<StoryStep, "flow">): boolean => flow !== undefined && ids.has(flow);
  const { grade, because, proxyList, walk, coverage, errors } = story;
  return {
    grade,
    because: `${because}; of that what the chosen flows tell`,
    ...present({ proxyList, coverage, walk: walk?.steps.some(isKept) === true ? walk : undefined }),
    errors,
    modules: story.modules.filter((told) => placesOf(told).some(isKept)),
    databases: story.databases.filter(({ steps }) => steps.some(isKept)),
    places: story.places.filter((place) => hosts.has(targetKey(place))),
  };
}

function placesOf(told: StoryModule): readonly Pick<StoryStep, "flow">[] {
  const { list, latest, info, mod, zip, checksum, failure, origin, walks } = told;
  const files = [list, latest, info, mod, zip, checksum, failure].filter((file) => file !== undefined);
  const read = origin?.flows.map((flow) => ({ flow })) ?? [];
  return [...files, ...read, ...walks.flatMap(({ steps }) => steps)];
}
