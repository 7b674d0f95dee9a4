import { testNoResidue } from "../support/residue.ts";
import { onePairEach } from "../support/scenario-files.ts";

testNoResidue(onePairEach);
