import { testAddressableChoices } from "../support/addressable-choices.ts";
import { longPairs } from "../support/scenario-files.ts";

testAddressableChoices(longPairs);
