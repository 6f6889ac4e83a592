// Every way in which a model file is damaged.
#pragma once

#include <functional>
#include <string>
#include <string_view>

/// Takes each damaged version of a file in turn.
using TakeFile = std::function<void(const std::string&)>;

/// The file cut at every byte, and continued by one.
void cut_everywhere(std::string_view file, const TakeFile& take);

/// The file with every byte in turn changed to others: each single bit, and what means something
/// in JSON, in UTF-8 or in a number.
void change_every_byte(std::string_view file, const TakeFile& take);

/// The file with every byte of its header in turn left out, and doubled, and the header's length
/// mended.
void shift_every_byte(std::string_view file, const TakeFile& take);

/// The file with every value of its header and of its description in turn replaced by values of all
/// kinds, left out, or under another name.
void corrupt_every_field(std::string_view file, const TakeFile& take);
