// SPDX-License-Identifier: Apache-2.0
package io.github.kpatch.cli.json;

import io.github.kpatch.module.Cve;
import io.github.kpatch.operation.ShowStatus.Loaded;
import io.github.kpatch.operation.ShowStatus.Status;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * What is fixed now as a CycloneDX 1.6 document of vulnerabilities (cyclonedx.org, "Vulnerability Exploitability
 * eXchange"): each is resolved in the running kernel, by the patch module that the detail names.
 */
public final class VexJson {
    private static final String KERNEL = "running-kernel";

    private VexJson() {}

    /**
     * The document.
     *
     * @param version the version of kpatch
     */
    public static String document(Status status, String version, Instant now) {
        TreeMap<Cve, String> fixes = new TreeMap<>();
        for (Loaded loaded : status.loaded()) {
            loaded.fixes()
                    .forEach(cve -> fixes.putIfAbsent(cve, loaded.patch().name().toString()));
        }
        Json json = new Json();
        json.text("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
                .text("bomFormat", "CycloneDX")
                .text("specVersion", "1.6")
                .number("version", 1)
                .object("metadata", () -> metadata(json, status, version, now))
                .objects("vulnerabilities", fixes.entrySet(), fix -> vulnerability(json, fix.getKey(), fix.getValue()));
        return json.end() + "\n";
    }

    private static void metadata(Json json, Status status, String version, Instant now) {
        json.text("timestamp", now)
                .object(
                        "tools",
                        () -> json.objects(
                                "components",
                                List.of("kpatch"),
                                name -> json.text("type", "application")
                                        .text("name", name)
                                        .text("version", version)))
                .object(
                        "component",
                        () -> json.text("type", "operating-system")
                                .text("bom-ref", KERNEL)
                                .text("name", "linux")
                                .text("version", status.kernelVersion()));
    }

    private static void vulnerability(Json json, Cve cve, String module) {
        json.text("id", cve)
                .object("source", () -> json.text("name", "CVE").text("url", "https://www.cve.org/CVERecord?id=" + cve))
                .object(
                        "analysis",
                        () -> json.text("state", "resolved")
                                .texts("response", List.of("update"))
                                .text("detail", "Fixed in the running kernel by the live patch " + module + "."))
                .objects("affects", List.of(KERNEL), ref -> json.text("ref", ref));
    }
}
