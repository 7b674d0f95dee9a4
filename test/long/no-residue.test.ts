import { testNoResidue } from "../support/residue.ts";
import { everyPair } from "../support/scenario-files.ts";

testNoResidue(everyPair);
