/** What is known of the operations of one cluster. */
export interface TwitterCluster {
  /** In percent. `gets` counts as get; add, prepend and incr count as set; cas is compareAndSet. */
  readonly mix: Readonly<Partial<Record<"get" | "set" | "delete" | "compareAndSet", number>>>;
  /** Of Zipf's law, fitted to the popularity of its keys; null where none is published. */
  readonly exponent: number | null;
}

/**
 * Operations of cache clusters in production at Twitter, March 2020: J. Yang, Y. Yue, K. V. Rashmi, "A large scale
 * analysis of hundreds of in-memory cache clusters at Twitter", OSDI 2020; the statistics published with its traces
 * (https://github.com/twitter/cache-trace), CC BY 4.0. The kinds of operations are summed up as `mix` says.
 */
export const TWITTER_CLUSTERS: Readonly<Record<string, TwitterCluster>> = {
  cluster1: { mix: { get: 99 }, exponent: 2.6774 },
  cluster2: { mix: { get: 100 }, exponent: 1.4908 },
  cluster3: { mix: { get: 99 }, exponent: 1.6414 },
  cluster4: { mix: { get: 93, set: 7 }, exponent: 1.1004 },
  cluster6: { mix: { get: 98, set: 2 }, exponent: 1.882 },
  cluster7: { mix: { get: 82, set: 18 }, exponent: 1.0666 },
  cluster8: { mix: { set: 50, get: 50 }, exponent: 1.7366 },
  cluster9: { mix: { get: 99 }, exponent: 1.6796 },
  cluster10: { mix: { set: 50, get: 50 }, exponent: null },
  cluster11: { mix: { get: 97, set: 2, compareAndSet: 1 }, exponent: 1.4891 },
  cluster12: { mix: { set: 80, get: 20 }, exponent: 0.3048 },
  cluster13: { mix: { get: 38, set: 62 }, exponent: 0.4565 },
  cluster14: { mix: { get: 65, delete: 22, set: 13 }, exponent: 1.2959 },
  cluster15: { mix: { set: 100 }, exponent: 0.0242 },
  cluster16: { mix: { get: 93, set: 5 }, exponent: 1.7862 },
  cluster17: { mix: { get: 99 }, exponent: 2.1106 },
  cluster18: { mix: { get: 97, set: 1, compareAndSet: 1 }, exponent: 2.0994 },
  cluster19: { mix: { get: 75, set: 25 }, exponent: 0.735 },
  cluster20: { mix: { get: 96, set: 3 }, exponent: 1.3699 },
  cluster21: { mix: { set: 100 }, exponent: 0.0521 },
  cluster22: { mix: { get: 72, set: 28 }, exponent: 0.7624 },
  cluster23: { mix: { set: 61, get: 36, delete: 2 }, exponent: 0.274 },
  cluster24: { mix: { get: 99 }, exponent: 1.3726 },
  cluster25: { mix: { get: 97, set: 2, compareAndSet: 2 }, exponent: 0.9929 },
  cluster26: { mix: { get: 71, set: 29 }, exponent: 0.6299 },
  cluster27: { mix: { get: 85, set: 15 }, exponent: 1.065 },
  cluster28: { mix: { get: 91, set: 6 }, exponent: 1.503 },
  cluster29: { mix: { get: 86, set: 13 }, exponent: 1.2323 },
  cluster30: { mix: { get: 99 }, exponent: 1.4259 },
  cluster31: { mix: { set: 94, get: 6 }, exponent: null },
  cluster32: { mix: { set: 98, get: 2 }, exponent: null },
  cluster33: { mix: { get: 99, set: 1 }, exponent: 1.354 },
  cluster34: { mix: { get: 94, set: 6 }, exponent: 1.1401 },
  cluster35: { mix: { get: 96, set: 4 }, exponent: null },
  cluster36: { mix: { get: 94, set: 4, compareAndSet: 1 }, exponent: 1.2169 },
  cluster37: { mix: { set: 37, get: 63 }, exponent: 0.4251 },
  cluster38: { mix: { set: 94, get: 6 }, exponent: null },
  cluster39: { mix: { set: 94, get: 6 }, exponent: null },
  cluster40: { mix: { set: 50, get: 50 }, exponent: 0.8551 },
  cluster41: { mix: { get: 50, set: 50 }, exponent: 0.8542 },
  cluster42: { mix: { get: 96, set: 4 }, exponent: 1.5974 },
  cluster43: { mix: { set: 50, get: 50 }, exponent: null },
  cluster44: { mix: { get: 98, set: 1 }, exponent: 1.4084 },
  cluster45: { mix: { set: 15, get: 85 }, exponent: 0.6372 },
  cluster46: { mix: { set: 32, get: 68 }, exponent: null },
  cluster47: { mix: { get: 100 }, exponent: 2.0637 },
  cluster48: { mix: { set: 35, get: 65 }, exponent: 0.8191 },
  cluster49: { mix: { set: 43, get: 57 }, exponent: 1.5095 },
  cluster50: { mix: { get: 52, set: 48 }, exponent: 1.2816 },
  cluster51: { mix: { get: 90, set: 10 }, exponent: 1.9745 },
  cluster52: { mix: { get: 93, set: 4, compareAndSet: 2 }, exponent: 1.2117 },
  cluster53: { mix: { get: 89, set: 12 }, exponent: 1.2061 },
  cluster54: { mix: { get: 97, set: 3 }, exponent: 1.611 },
};
