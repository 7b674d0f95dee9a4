import { type Mistake, suggest } from "../suggest.ts";
import type { Popularity } from "./scenario-popularity.ts";
import { TWITTER_CLUSTERS, type TwitterCluster } from "./twitter-clusters.ts";

/** What a workload is like that was seen somewhere: which operations on which keys. */
export interface WorkloadProfile {
  readonly mix: TwitterCluster["mix"];
  readonly popularity: Popularity;
}

const SOURCE = "twitter/";

/** "twitter/cluster52" */
export function workloadProfile(name: string): WorkloadProfile | undefined {
  const cluster = name.startsWith(SOURCE) ? name.slice(SOURCE.length) : "";
  if (!Object.hasOwn(TWITTER_CLUSTERS, cluster)) return undefined;
  const { mix, exponent } = TWITTER_CLUSTERS[cluster] as TwitterCluster;
  return { mix, popularity: exponent === null ? { kind: "uniform" } : { kind: "zipf", exponent } };
}

/** What is wrong with the name of a profile; null when nothing is. */
export function profileProblem(name: string): Mistake | null {
  if (workloadProfile(name) !== undefined) return null;
  const names = Object.keys(TWITTER_CLUSTERS).map((cluster) => `${SOURCE}${cluster}`);
  return {
    expected: "a cluster from twitter/cluster1 to twitter/cluster54, of which there is no 5",
    suggestion: suggest(name, names),
  };
}
