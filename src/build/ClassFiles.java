// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Brings the class files of a library to a current version, with stack maps (JVM specification, 4.7.4). The JVM puts no
 * class file older than version 50 into a class-data archive, and checks it in the old and slow way at every start.
 *
 * <p>Usage: {@code java -cp asm.jar ClassFiles.java IN.jar OUT.jar}. The same input gives the same bytes.
 */
final class ClassFiles {
    private static final int VERSION = Opcodes.V17;

    private ClassFiles() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Path.of(arguments[1]);
        try (URLClassLoader library = new URLClassLoader(new URL[] {from.toUri().toURL()});
                JarFile in = new JarFile(from.toFile());
                OutputStream file = Files.newOutputStream(to);
                JarOutputStream out = new JarOutputStream(file)) {
            for (JarEntry entry : Collections.list(in.entries())) {
                byte[] content = in.getInputStream(entry).readAllBytes();
                JarEntry copy = new JarEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(isOld(entry.getName(), content) ? renew(content, library) : content);
            }
        }
    }

    /** Every class file has its major version in its bytes 6 and 7 (JVM specification, 4.1). */
    private static boolean isOld(String name, byte[] content) {
        return name.endsWith(".class") && (content[6] << 8 | content[7]) < Opcodes.V1_6;
    }

    private static byte[] renew(byte[] content, ClassLoader library) {
        // a writer that knew the reader would copy the methods as they are, without the frames
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return library;
            }
        };
        ClassVisitor renewing = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(
                    int version, int access, String name, String signature, String superName, String[] interfaces) {
                super.visit(VERSION, access, name, signature, superName, interfaces);
            }
        };
        new ClassReader(content).accept(renewing, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
