import { testNoResidue } from "../support/residue.ts";
import { onePairEach } from "../support/scenario-files.ts";

/** Every third scenario; all of them, under every policy, are among the long tests. */
testNoResidue(onePairEach.filter((_pair, index) => index % 3 === 0));
