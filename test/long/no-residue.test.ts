import { testNoResidue } from "../support/residue.ts";
import { longPairs } from "../support/scenario-files.ts";

testNoResidue(longPairs);
