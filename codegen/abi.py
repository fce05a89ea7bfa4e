"""The boundary between Python and the native libraries, as codegen/abi_table.py and codegen/abi_cuda.py state it.

From that table come

    csrc/abi.h, csrc/cuda/abi.h      the public C headers
    csrc/*/generated/calls.{h,cpp}   for the functions of a folder: the struct of a call's arguments, and the exported
                                     function, which checks them and runs the call; csrc/cuda/generated/calls.{h,cu}
    csrc/base/generated/enums.h      enumerations
    csrc/base/generated/version.h    the version of the boundary
    fastlattice/_generated/abi.py    what fastlattice/_native.py and fastlattice/ops/backends/cuda.py pass, the same
                                     enumerations and the same version

A buffer crosses as a pointer and its number of elements. How many it must have is written there in C++: over the sizes
among the function's arguments, which may not overflow unseen, elements of its other arrays, and the functions of
csrc/base/extents.h. The exported function refuses anything else by the name of the buffer, before memory is touched.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from codegen.abi_cuda import CUDA_FUNCTIONS
from codegen.abi_table import ENUMS, FUNCTIONS, NAMESPACES
from codegen.abi_terms import TYPES, Argument, Function

ROOT = Path(__file__).resolve().parents[1]
EVERYTHING = (*FUNCTIONS, *CUDA_FUNCTIONS)


def version() -> int:
    """What changes with anything that crosses: 63 bits of a hash of the table."""
    crossing = repr(([(f.name, f.arguments) for f in EVERYTHING], ENUMS))
    return int.from_bytes(hashlib.sha256(crossing.encode()).digest()[:8], "big") >> 1


# ---- C++


def _parameters(a: Argument) -> list[str]:
    """An argument as the exported function takes it."""
    if a.is_buffer:
        return [f"{'' if a.written else 'const '}{TYPES[a.type]}* {a.name}", f"int64_t {a.name}_size"]
    if a.is_list:
        of = f"{'' if a.written else 'const '}{TYPES[a.type]}* const*"
        return [f"{of} {a.name}", f"const int64_t* {a.name}_sizes", f"int64_t {a.name}_count"]
    types = {"number": "double", "handle": "void*", "stream": "void*", "reference": _REFERENCES.get(a.name, "")}
    return [f"{types.get(a.kind, 'int64_t')} {a.name}"]


_REFERENCES = {
    "handle": "void**",
    **dict.fromkeys(("line", "next", "size"), "int64_t*"),
    **dict.fromkeys(("entry", "reason", "text"), "const char**"),
}


def _signature(f: Function, name: str, type_: str) -> str:
    text = ", ".join(parameter for a in f.arguments for parameter in _parameters(a))
    return f"int32_t {name}({_typed(text, type_)})"


def _typed(text: str, type_: str) -> str:
    return re.sub(r"\bT\b", TYPES[type_], text) if type_ else text


def _comment(text: str, indent: str = "") -> str:
    lines, line = [], ""
    for word in text.split():
        if len(indent) + 3 + len(line) + 1 + len(word) > 120:
            lines.append(line)
            line = ""
        line += f" {word}" if line else word
    return "".join(f"{indent}// {each}\n" for each in [*lines, line])


def _wrapped(text: str, hanging: int) -> str:
    """A long line of comma-separated parts, broken at commas."""
    lines, line = [], ""
    for part in text.split(", "):
        piece = part if not line else f"{line}, {part}"
        if len(piece) > 118 and line:
            lines.append(line + ",")
            line = " " * hanging + part
        else:
            line = piece
    return "\n".join([*lines, line])


_HEADER = """// Written by codegen/abi.py; not to be edited.
//
// The native library's public header. It knows pointers and sizes only, and no type of its own. Functions return 0 on
// success and -1 on failure, after which fl_last_error() says why (per thread). A buffer is contiguous, in C order, and
// comes with its number of elements: any other than the one that the function's sizes ask for is refused. Which may be
// null is said. Integers by value are int64_t. `threads` is taken as at least 1 and at most four for each of the
// machine's cores. No exception leaves the library.
#pragma once
#include <stdint.h>

#ifndef FL_EXPORT
#ifdef __cplusplus
#define FL_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define FL_EXPORT
#endif
#endif

// Reason of the calling thread's last failure; valid until its next call into the library.
FL_EXPORT const char* fl_last_error();

// Bit mask of the x86-64 instruction sets that this machine and its operating system support:
// 1 = AVX2 and FMA, 2 = AVX-512 (F, DQ, BW, VL). 0 elsewhere.
FL_EXPORT int32_t fl_instruction_sets();

// Differs between libraries whose functions take other arguments.
FL_EXPORT int64_t fl_abi_version();
"""


_CUDA_HEADER = """// Written by codegen/abi.py; not to be edited.
//
// The CUDA library's public header, in the manner of csrc/abi.h. Buffers are on the device of `stream`, a cudaStream_t,
// on which the functions launch; they return before the device is done.
#pragma once
#include "abi.h"
"""


def header(text: str, functions: Iterable[Function]) -> str:
    """csrc/abi.h and csrc/cuda/abi.h."""
    parts = [text]
    for f in functions:
        extents = [f"{a.name} {_extent_words(a)}" for a in f.arguments if a.is_buffer or a.is_list]
        story = _comment(f.story) + (_comment("Sizes: " + "; ".join(extents) + ".") if extents else "")
        functions = "\n".join(
            _wrapped(f"FL_EXPORT {_signature(f, name, t)};", len(f"FL_EXPORT int32_t {name}("))
            for name, t in f.exported()
        )
        parts.append(story + functions + "\n")
    return "\n".join(parts)


def _extent_words(a: Argument) -> str:
    words = f"[{a.extent} + 1]" if a.kind == "offsets" else f"[{a.extent}]" if a.extent else "[as the call says]"
    if a.is_list:
        words = f"({a.count or 'several'}) {words.replace('Extent(widths[n])', 'widths[n]')}"
    return words + " or null" * a.optional


def _checked(expression: str, f: Function) -> str:
    """An extent over sizes that cannot overflow, and elements that are there."""
    exact = {a.name for a in f.arguments if a.kind in ("size", "degree")}
    arrays = {a.name for a in f.arguments if a.is_buffer}
    elements: list[str] = []

    def element(match: re.Match[str]) -> str:
        array, index = match.groups()
        if array not in arrays or "n" in index.split():
            return match.group(0)
        elements.append(f"element({array}, {array}_size, {index})")
        return f"@{len(elements) - 1}@"

    text = re.sub(r"(\w+)\[([^\]]+)\]", element, expression)
    text = re.sub(r"\b[a-z_]\w*\b", lambda m: f"Extent({m[0]})" if m[0] in exact else m[0], text)
    return re.sub(r"@(\d+)@", lambda m: elements[int(m[1])], text)


def _checks(f: Function) -> Iterable[str]:
    """Statements of the exported function, in the order in which they may rely on each other."""
    order = {"size": 0, "degree": 0, "offsets": 1, "in": 2, "out": 3}
    for a in sorted(f.arguments, key=lambda a: order.get(a.kind, 4)):
        given = f'"{a.name}", {a.name}'
        if a.kind == "size":
            yield f"check_size({given});"
        elif a.kind == "degree":
            yield f"check_degree({given});"
        elif a.kind == "offsets":
            check = f"check_offsets({given}, {a.name}_size, Extent({a.extent}));"
            yield f"if ({a.name}) {check}" if a.optional else check
        elif a.is_buffer and a.extent is not None:
            more = f", {a.aligned}" if a.aligned > 1 else ""
            check = f"check_buffer({given}, {a.name}_size, {_checked(a.extent, f)}{more});"
            yield f"if ({a.name}) {check}" if a.optional else check
        elif a.is_buffer:
            yield f"check_pointer({given}, {a.name}_size);"
        elif a.is_list:
            count = _checked(a.count, f) if a.count else f"Extent({a.name}_count)"
            check = f"check_list({given}, {a.name}_sizes, {a.name}_count, {count});"
            if a.extent:
                check += (
                    f"\n    for (int64_t n = 0; n < {a.name}_count; ++n)\n"
                    f'      check_buffer("{a.name}", {a.name}[n], {a.name}_sizes[n], {a.extent});'
                )
            yield f"if ({a.name}) {{\n    {check}\n    }}" if a.optional else check
        elif a.kind in ("handle", "reference"):
            yield f"check_pointer({given}, 1);"
        elif a.kind in ENUMS:
            yield f"check_choice({given}, {len(ENUMS[a.kind])});"


def _member(a: Argument) -> str:
    """An argument in the struct of a call."""
    const = "" if a.written else "const "
    if a.is_list:
        return f"BufferList<{const}{TYPES[a.type]}> {a.name};"
    if a.is_buffer and a.extent is None:
        return f"Buffer<{const}{TYPES[a.type]}> {a.name};"
    if a.is_buffer:
        return f"{const}{TYPES[a.type]}* {a.name};"
    if a.kind in ENUMS:
        return f"{NAMESPACES[a.kind]}::{a.kind} {a.name};"
    pointers = {"handle": "void*", "stream": "void*", "reference": _REFERENCES.get(a.name, "")}
    types = {"threads": "int32_t", "number": "double", **pointers}
    return f"{types.get(a.kind, 'int64_t')} {a.name};"


def _value(a: Argument) -> str:
    if a.kind == "threads":
        return "thread_count(threads)"
    if a.is_list:
        return f"{{{a.name}, {a.name}_sizes, {a.name}_count}}"
    if a.is_buffer and a.extent is None:
        return f"{{{a.name}, {a.name}_size}}"
    return f"static_cast<{NAMESPACES[a.kind]}::{a.kind}>({a.name})" if a.kind in ENUMS else a.name


def calls_header(folder: str) -> str:
    """csrc/FOLDER/generated/calls.h."""
    text = (
        "// Written by codegen/abi.py; not to be edited.\n//\n// The arguments of this folder's exported functions"
        ', checked, and what runs them.\n#pragma once\n#include "base/boundary.h"\n\nnamespace fl::calls {\n'
    )
    for f in EVERYTHING:
        if f.folder != folder:
            continue
        template, name = ("template <class T>\n", f"{f.struct}<T>") if f.generic else ("", f.struct)
        members = "".join(f"  {_member(a)}\n" for a in f.arguments)
        text += f"\n{template}struct {f.struct} {{\n{members}}};\n{template}void run(const {name}& call);\n"
    return text + "\n}  // namespace fl::calls\n"


def calls_source(folder: str) -> str:
    """csrc/FOLDER/generated/calls.cpp, or calls.cu."""
    public = "cuda/abi.h" if folder == "cuda" else "abi.h"
    text = (
        f'// Written by codegen/abi.py; not to be edited.\n#include "{folder}/generated/calls.h"\n\n'
        f'#include "{public}"\n#include "base/extents.h"\n\nusing namespace fl::boundary;\n'
    )
    for f in EVERYTHING:
        if f.folder != folder:
            continue
        for name, type_ in f.exported():
            signature = _wrapped(_signature(f, name, type_) + " {", len(f"int32_t {name}("))
            checks = "".join(f"    {line}\n" for line in _checks(f))
            struct = f"{f.struct}<{TYPES[type_]}>" if type_ else f.struct
            values = _wrapped(f"    fl::calls::run(fl::calls::{struct}{{{', '.join(map(_value, f.arguments))}}});", 8)
            text += f"\n{signature}\n  return fl::guarded([&] {{\n{checks}{values}\n  }});\n}}\n"
    return text


def enums_header() -> str:
    """csrc/base/generated/enums.h."""
    text = "// Written by codegen/abi.py; not to be edited.\n#pragma once\n#include <cstdint>\n"
    for name, members in ENUMS.items():
        text += _wrapped(f"\nnamespace {NAMESPACES[name]} {{\nenum class {name} : int32_t {{{', '.join(members)}}};", 4)
        text += "\n}\n"
    return text


def version_header() -> str:
    """csrc/base/generated/version.h: apart, so that a new function compiles no more than its folder anew."""
    return (
        "// Written by codegen/abi.py; not to be edited.\n#pragma once\n#include <cstdint>\n\nnamespace fl {\n"
        f"constexpr int64_t abi_version = {version()};\n}}\n"
    )


# ---- Python


def _code(a: Argument) -> str:
    """An argument as Python reads it."""
    if a.is_buffer:
        return f"{'out' if a.written else 'in'} {a.type}{'?' * a.optional}"
    if a.is_list:
        return f"{a.kind[5:]} {a.type}[]{'?' * a.optional}"
    return {"number": "double", "handle": "pointer", "reference": "pointer", "stream": "stream"}.get(a.kind, "int")


def python() -> str:
    """fastlattice/_generated/abi.py."""
    text = (
        '"""Written by codegen/abi.py; not to be edited. What the native functions take; see csrc/abi.h."""\n\n'
        f"VERSION = {version()}\n\n"
    )
    for name, members in ENUMS.items():
        constant = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
        rows = "".join(f'    "{member}",\n' for member in members)
        text += f"{constant} = (\n{rows})\n"
    return text + _rows("FUNCTIONS", FUNCTIONS) + _rows("CUDA_FUNCTIONS", CUDA_FUNCTIONS)


def _rows(name: str, functions: Iterable[Function]) -> str:
    text = f"\n{name} = {{\n"
    for f in functions:
        for exported, type_ in f.exported():
            codes = [re.sub(r"\bT\b", type_, _code(a)) for a in f.arguments]
            if len(codes) == 1:
                text += f'    "{exported}": ("{codes[0]}",),\n'
            else:
                text += f'    "{exported}": (\n' + "".join(f'        "{code}",\n' for code in codes) + "    ),\n"
    return text + "}\n"


def files() -> dict[Path, str]:
    """Everything, by path."""
    csrc = ROOT / "csrc"
    result = {
        csrc / "abi.h": header(_HEADER, FUNCTIONS),
        csrc / "cuda" / "abi.h": header(_CUDA_HEADER, CUDA_FUNCTIONS),
        csrc / "base" / "generated" / "enums.h": enums_header(),
        csrc / "base" / "generated" / "version.h": version_header(),
        ROOT / "fastlattice" / "_generated" / "abi.py": python(),
    }
    for folder in sorted({f.folder for f in EVERYTHING}):
        generated = csrc / folder / "generated"
        result[generated / "calls.h"] = calls_header(folder)
        result[generated / f"calls.{'cu' if folder == 'cuda' else 'cpp'}"] = calls_source(folder)
    return result
