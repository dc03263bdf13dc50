// SPDX-FileCopyrightText: The Eventscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "event/unpacker.h"

#include <fmt/core.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <type_traits>

namespace eventscope::core {

namespace {

using namespace std::string_view_literals;

constexpr int kGzipWindow = 15 + 16; // zlib's way to say "with gzip's head"
constexpr int kZlibWindow = 15;
constexpr int kZstdWindowLog = 26; // 64 MiB: beyond, a few bytes could ask for gigabytes
constexpr std::size_t kAlwaysAllowed = std::size_t{64} << 10;

struct EndInflate {
    void operator()(z_stream* stream) const
    {
        inflateEnd(stream);
        delete stream;
    }
};
struct FreeZstd {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

} // namespace

Compression compressionOf(std::string_view bytes)
{
    if (bytes.starts_with("\x1F\x8B"sv)) {
        return Compression::Gzip;
    }
    if (bytes.starts_with("\x28\xB5\x2F\xFD"sv)) {
        return Compression::Zstd;
    }
    const bool isZlib = bytes.size() > 2 && bytes[0] == '\x78'
        && (bytes[1] == '\x01' || bytes[1] == '\x5E' || bytes[1] == '\x9C' || bytes[1] == '\xDA');
    return isZlib ? Compression::Zlib : Compression::None;
}

std::string_view toString(Compression compression)
{
    switch (compression) {
    case Compression::None: break;
    case Compression::Gzip: return "gzip";
    case Compression::Zlib: return "zlib";
    case Compression::Zstd: return "zstd";
    }
    return "none";
}

struct Unpacker::Private {
    Compression compression;
    std::unique_ptr<z_stream, EndInflate> zlib;
    std::unique_ptr<ZSTD_DStream, FreeZstd> zstd;
    bool isComplete = false;

    Result<Step> inflateSome(std::string_view in, std::span<char> out);
    Result<Step> decompressSome(std::string_view in, std::span<char> out);
};

Unpacker::Unpacker(Compression compression) : d(std::make_unique<Private>())
{
    d->compression = compression;
    if (compression == Compression::Zstd) {
        d->zstd.reset(ZSTD_createDStream());
        if (d->zstd) {
            ZSTD_DCtx_setParameter(d->zstd.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
        }
        return;
    }
    auto stream = std::make_unique<z_stream>();
    if (inflateInit2(stream.get(), compression == Compression::Gzip ? kGzipWindow : kZlibWindow) == Z_OK) {
        d->zlib.reset(stream.release());
    }
}

Unpacker::~Unpacker() = default;
Unpacker::Unpacker(Unpacker&&) noexcept = default;
Unpacker& Unpacker::operator=(Unpacker&&) noexcept = default;

bool Unpacker::isComplete() const
{
    return d->isComplete;
}

Result<Unpacker::Step> Unpacker::unpack(std::string_view in, std::span<char> out)
{
    if (!d->zlib && !d->zstd) {
        return fail(ErrorCode::Io, "there is no memory to unpack anything.");
    }
    return d->zstd ? d->decompressSome(in, out) : d->inflateSome(in, out);
}

Result<Unpacker::Step> Unpacker::Private::inflateSome(std::string_view in, std::span<char> out)
{
    constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
    in = in.substr(0, kMost);
    out = out.first(std::min(out.size(), kMost));
    if (isComplete && !in.empty()) { // another member follows
        inflateReset(zlib.get());
        isComplete = false;
    }
    zlib->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    zlib->avail_in = static_cast<uInt>(in.size());
    zlib->next_out = reinterpret_cast<Bytef*>(out.data());
    zlib->avail_out = static_cast<uInt>(out.size());
    const int code = inflate(zlib.get(), Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
        isComplete = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return fail(ErrorCode::Unparsable,
            fmt::format("the {} data is damaged: {}", toString(compression),
                zlib->msg ? zlib->msg : "it does not fit together"));
    }
    return Step{in.size() - zlib->avail_in, out.size() - zlib->avail_out};
}

Result<Unpacker::Step> Unpacker::Private::decompressSome(std::string_view in, std::span<char> out)
{
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t hint = ZSTD_decompressStream(zstd.get(), &output, &input);
    if (ZSTD_isError(hint)) {
        return fail(ErrorCode::Unparsable, fmt::format("the zstd data is damaged: {}", ZSTD_getErrorName(hint)));
    }
    isComplete = hint == 0 || (isComplete && input.pos == 0 && output.pos == 0);
    return Step{input.pos, output.pos};
}

Result<std::string> unpackAll(std::string_view packed, Compression compression, const UnpackLimits& limits)
{
    const std::size_t most = std::min(limits.bytes, std::max(kAlwaysAllowed, packed.size() * limits.ratio));
    Unpacker unpacker(compression);
    std::string unpacked;
    std::size_t size = 0;
    while (true) {
        if (size == unpacked.size()) {
            if (size > most) {
                return fail(ErrorCode::Refused,
                    fmt::format(
                        "the {} data unpacks to more than {} bytes, which is not tried.", toString(compression), most));
            }
            unpacked.resize(std::min(std::max(2 * size, std::min(kAlwaysAllowed, 4 * packed.size() + 64)), most + 1));
        }
        const Result<Unpacker::Step> step = unpacker.unpack(packed, std::span(unpacked).subspan(size));
        if (!step) {
            return std::unexpected(step.error());
        }
        packed.remove_prefix(step->taken);
        size += step->given;
        if (packed.empty() && unpacker.isComplete() && size < unpacked.size()) {
            break;
        }
        if (step->taken == 0 && step->given == 0) {
            return fail(ErrorCode::Unparsable, fmt::format("the {} data is cut short.", toString(compression)));
        }
    }
    unpacked.resize(size);
    return unpacked;
}

} // namespace eventscope::core
