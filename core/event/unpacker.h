// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event/error.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace eventscope::core {

enum class Compression { None, Gzip, Zlib, Zstd };
/// By the first bytes. Zlib's mark is weak: only unpacking tells.
Compression compressionOf(std::string_view bytes);
/// "gzip", "zlib", "zstd" or "none".
std::string_view toString(Compression compression);

/// Unpacks a compressed stream piece by piece, all the members or frames in it one after another.
/// // one thread at a time
class Unpacker {
public:
    /// Not for Compression::None.
    explicit Unpacker(Compression compression);
    ~Unpacker();
    Unpacker(Unpacker&&) noexcept;
    Unpacker& operator=(Unpacker&&) noexcept;

    struct Step {
        std::size_t taken = 0; ///< bytes of `in`
        std::size_t given = 0; ///< bytes written to `out`
    };
    /// Takes and gives what it can; nothing of both means that it waits for more. Unparsable when the
    /// bytes are damaged.
    Result<Step> unpack(std::string_view in, std::span<char> out);
    /// Whether the last member is complete, so that the stream may end here.
    bool isComplete() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

struct UnpackLimits {
    std::size_t bytes = std::size_t{64} << 20;
    std::size_t ratio = 200; ///< times the packed size; the first 64 KiB are always allowed
};

/// All of it at once. Unparsable when it is damaged or cut short, Refused beyond the limits.
Result<std::string> unpackAll(std::string_view packed, Compression compression, const UnpackLimits& limits = {});

} // namespace eventscope::core
