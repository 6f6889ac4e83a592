// Files read and written as a whole.
#include "platform/file_io.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <system_error>
#include <utility>

namespace pysnn::detail {
namespace {

namespace fs = std::filesystem;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

[[noreturn]] void fail(const std::error_code& error, const fs::path& path) {
    throw std::system_error(error, path_text(path));
}

[[noreturn]] void fail_errno(const fs::path& path) {
    // Not every C library says why a stream failed.
    fail({errno != 0 ? errno : EIO, std::generic_category()}, path);
}

/// Opens a binary file, null and errno where that fails; a mode with 'x' refuses a file that is
/// there.
File open(const fs::path& path, const char* mode) {
    errno = 0;
#ifdef _WIN32
    const std::wstring wide_mode(mode, mode + std::char_traits<char>::length(mode));
    return File(_wfopen(path.c_str(), wide_mode.c_str()));
#else
    return File(std::fopen(path.c_str(), mode));
#endif
}

/// A file of its own name that vanishes unless it is kept.
class TemporaryFile {
  public:
    explicit TemporaryFile(const fs::path& folder) {
        constexpr int kAttempts = 100;
        std::random_device random;
        for (int attempt = 0; attempt < kAttempts && !file_; ++attempt) {
            std::array<char, 32> name{};
            std::snprintf(name.data(), name.size(), ".pysnn-%08x%08x.tmp", random(), random());
            path_ = folder / name.data();
            file_ = open(path_, "wbx");
            if (!file_ && errno != EEXIST) {
                break;
            }
        }
        if (!file_) {
            fail_errno(folder.empty() ? fs::path(".") : folder);
        }
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    ~TemporaryFile() {
        if (!kept_) {
            file_.reset();
            std::error_code ignored;
            fs::remove(path_, ignored);
        }
    }

    void set_permissions(fs::perms permissions, const fs::path& target) {
        std::error_code error;
        fs::permissions(path_, permissions, error);
        if (error) {
            fail(error, target);
        }
    }

    void write(std::string_view bytes, const fs::path& target) {
        errno = 0;
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size() ||
            std::fclose(file_.release()) != 0) {
            fail_errno(target);
        }
    }

    void rename_to(const fs::path& target) {
        std::error_code error;
        fs::rename(path_, target, error);
        if (error) {
            fail(error, target);
        }
        kept_ = true;
    }

  private:
    fs::path path_;
    File file_;
    bool kept_ = false;
};

}  // namespace

std::string path_text(const fs::path& path) {
    using nlohmann::json;
    const json text = path.u8string();
    const std::string replaced = text.dump(-1, ' ', true, json::error_handler_t::replace);
    return json::parse(replaced).get<std::string>();
}

std::string read_file(const fs::path& path) {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(path, error);
    if (error) {
        fail(error, path);
    }
    const File file = open(path, "rb");
    if (!file) {
        fail_errno(path);
    }
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
        fail_errno(path);
    }
    return bytes;
}

void write_file(const fs::path& path, std::string_view bytes) {
    // A device or a pipe would be replaced by a file, not written to.
    std::error_code ignored;
    const fs::file_status status = fs::status(path, ignored);
    if (fs::is_directory(status)) {
        fail(std::make_error_code(std::errc::is_a_directory), path);
    }
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        fail(std::make_error_code(std::errc::invalid_argument), path);
    }
    TemporaryFile file(path.parent_path());
    if (fs::exists(status)) {
        // Before there is anything in it to read: it takes the place of a file that others may be
        // shut out from.
        file.set_permissions(status.permissions(), path);
    }
    file.write(bytes, path);
    file.rename_to(path);
}

}  // namespace pysnn::detail
