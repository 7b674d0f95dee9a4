import { describe, expect, test } from "vitest";
