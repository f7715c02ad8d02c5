#!/usr/bin/env node
import { runCodex } from "../dist/run.js";

runCodex(process.argv.slice(2));
