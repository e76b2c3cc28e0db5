// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.command;

import io.github.kpatch.cli.Command;
import io.github.kpatch.cli.Console;
import io.github.kpatch.cli.Session;
import io.github.kpatch.cli.json.InfoJson;
import io.github.kpatch.kernel.LoadedObject;
import io.github.kpatch.module.Advisory;
import io.github.kpatch.module.Cve;
import io.github.kpatch.module.ModinfoField;
import io.github.kpatch.module.ModuleFile;
import io.github.kpatch.module.ModuleSignature;
import io.github.kpatch.module.PatchModule;
import io.github.kpatch.module.PatchedFunction;
import io.github.kpatch.module.PatchedObject;
import io.github.kpatch.operation.DescribePatch;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kpatch info}: the fields as modinfo(8) shows them, then what the module patches. */
public final class InfoCommand implements Command {
    /** The column in which modinfo(8) begins its values. */
    private static final int VALUES = 16;

    @Override
    public CommandSpec spec() {
        return Options.command("Show what a patch module is, and the objects and functions it patches.")
                .addOption(Options.kernelVersion(
                        "The kernel it is installed for; by default the running one, else the newest."))
                .addOption(Options.root())
                .addPositional(
                        Options.module("1", "A file, or the name of a patch module that is installed or loaded."));
    }

    @Override
    public void run(ParseResult arguments, Session session) {
        DescribePatch.Description description = new DescribePatch(session.host())
                .describe(
                        Options.module(arguments).orElseThrow(),
                        Options.kernelVersion(arguments),
                        Options.root(arguments));
        Console console = session.console();
        if (session.document().isPresent()) {
            session.document().get().facts(json -> InfoJson.write(json, description));
        } else if (description instanceof DescribePatch.OnDisk onDisk) {
            print(onDisk, console);
        } else if (description instanceof DescribePatch.InMemory inMemory) {
            print(inMemory, console);
        }
    }

    private static void print(DescribePatch.OnDisk onDisk, Console console) {
        ModuleFile file = onDisk.file();
        PatchModule module = file.module();
        console.line("Patch information for " + module.name() + ":");
        field("filename", file.path().toAbsolutePath().toString(), console);
        for (ModinfoField field : module.modinfo()) {
            field(field.key(), field.value(), console);
        }
        module.signature().ifPresent(signature -> print(signature, console));
        module.checksum().ifPresent(checksum -> field("checksum", checksum, console));
        module.replace().ifPresent(replace -> field("replace", replace ? "yes" : "no", console));
        Advisory advisory = onDisk.advisory();
        for (Cve cve : advisory.cves()) {
            if (!module.cves().contains(cve)) {
                field("cve", cve.toString(), console);
            }
        }
        if (module.field("fixes").isEmpty()) {
            advisory.summary().ifPresent(summary -> field("fixes", summary, console));
        }
        if (onDisk.early()) {
            field("early", "yes, from the initramfs", console);
        }
        if (onDisk.onHold()) {
            field("hold", "yes, not loaded at boot", console);
        }
        for (PatchedObject object : module.objects()) {
            functions(object.name(), object.functions(), console);
        }
    }

    private static void print(ModuleSignature signature, Console console) {
        if (signature instanceof ModuleSignature.Signed signed) {
            field("sig_id", signed.form(), console);
            field("signer", signed.signer(), console);
            field("sig_key", signed.key(), console);
            field("sig_hashalgo", signed.hashAlgorithm(), console);
        } else if (signature instanceof ModuleSignature.Malformed malformed) {
            field("signature", "malformed: " + malformed.reason(), console);
        }
    }

    private static void print(DescribePatch.InMemory loaded, Console console) {
        console.line("Patch information for " + loaded.patch().name() + ":");
        field("filename", "(none: it is loaded, but neither installed nor a file)", console);
        field("state", loaded.patch().state().text(), console);
        loaded.srcversion().ifPresent(version -> field("srcversion", version, console));
        for (LoadedObject object : loaded.objects()) {
            functions(object.name(), object.functions(), console);
        }
    }

    private static void functions(String object, List<PatchedFunction> functions, Console console) {
        for (PatchedFunction function : functions) {
            field("patches", object + ": " + Options.text(function), console);
        }
    }

    private static void field(String key, String value, Console console) {
        StringBuilder line = new StringBuilder(key).append(':');
        do {
            line.append(' ');
        } while (line.length() < VALUES);
        console.line(line.append(value).toString());
    }
}
