import { testAddressableChoices } from "../support/addressable-choices.ts";
import { everyPair } from "../support/scenario-files.ts";

testAddressableChoices(everyPair);
