// Files read and written as a whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pysnn::detail {

/// A path as text for messages: valid UTF-8, with U+FFFD for what is not.
std::string path_text(const std::filesystem::path& path);

/// All bytes of a regular file.
///
/// Throws:
///     std::system_error: with the reason in errno's numbers.
std::string read_file(const std::filesystem::path& path);

/// Writes a file so that `path` is either the old file or the complete new one.
///
/// The bytes go to a temporary file in the same folder, which is renamed when it is complete and
/// removed when it can't be completed. It gets the permissions of the file that it replaces.
///
/// Throws:
///     std::system_error: with the reason in errno's numbers.
void write_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace pysnn::detail
