// Recordings in files, as they are written and read.
#include "recording/input_file.h"
#include "recording/line_writer.h"
#include "recording/output_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace simws::recording {
namespace {

namespace fs = std::filesystem;

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string folder = (fs::temp_directory_path() / "simws_recording_XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) ADD_FAILURE() << "no folder " << folder;
    folder_ = folder;
  }
  ~FileTest() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::unique_ptr<OutputFile> create(const std::string& path) {
    auto created = OutputFile::create(path);
    EXPECT_TRUE(created) << created.error().message;
    return std::move(created).value();
  }
  // The texts of its messages, one a line.
  static std::string texts_of(InputFile& file) {
    std::string texts;
    while (true) {
      const auto entry = file.next();
      if (!entry) return texts + entry.error().message;
      if (!*entry) return texts;
      texts.append(std::get<Message>((*entry)->what).data).append(1, '\n');
    }
  }
  static std::string lines(int from, int to) {
    std::string text;
    if (from == 0) append_line(text, Header{"now", "ws://here/", "", ""});
    for (int i = from; i < to; ++i) {
      const std::string data = std::to_string(i);
      append_line(text, {static_cast<std::uint64_t>(i), Message{data}});
    }
    return text;
  }

  fs::path folder_;
};

TEST_F(FileTest, WhatWasWrittenIsRead) {
  for (const char* const name : {"a.jsonl", "a.jsonl.gz", "a.jsonl.zst"}) {
    const auto out = create(path(name));
    ASSERT_TRUE(out->write(lines(0, 2)));
    ASSERT_TRUE(out->write(lines(2, 3)));
    ASSERT_TRUE(out->finish());
    EXPECT_EQ(out->size(), fs::file_size(path(name)));
    const auto in = InputFile::open(path(name));
    ASSERT_TRUE(in) << in.error().message;
    EXPECT_EQ((*in)->header().url, "ws://here/");
    EXPECT_EQ(texts_of(**in), "0\n1\n2\n");
    EXPECT_FALSE((*in)->was_cut_off());
    ASSERT_TRUE((*in)->rewind());
    EXPECT_EQ(texts_of(**in), "0\n1\n2\n");
  }
}

TEST_F(FileTest, WhatWasFlushedIsThereWhateverHappens) {
  for (const char* const name : {"a.jsonl", "a.jsonl.gz", "a.jsonl.zst"}) {
    const auto out = create(path(name));
    ASSERT_TRUE(out->write(lines(0, 2)));
    EXPECT_EQ(out->needs_flush(), std::string(name) != "a.jsonl");
    ASSERT_TRUE(out->flush());
    EXPECT_FALSE(out->needs_flush());
    const auto in = InputFile::open(path(name));
    ASSERT_TRUE(in) << in.error().message;
    EXPECT_EQ(texts_of(**in), "0\n1\n");
    EXPECT_EQ((*in)->was_cut_off(), std::string(name) != "a.jsonl");
  }
}

TEST_F(FileTest, LargeFilesAreReadBitByBit) {
  const auto out = create(path("large.jsonl.zst"));
  constexpr int count = 50'000;
  ASSERT_TRUE(out->write(lines(0, count)));
  ASSERT_TRUE(out->finish());
  const auto in = InputFile::open(path("large.jsonl.zst"));
  ASSERT_TRUE(in);
  int read = 0;
  while (true) {
    const auto entry = (*in)->next();
    ASSERT_TRUE(entry) << entry.error().message;
    if (!*entry) break;
    EXPECT_EQ((*entry)->time, static_cast<std::uint64_t>(read++));
  }
  EXPECT_EQ(read, count);
}

// Who writes to the old one, or reads it, isn't disturbed.
TEST_F(FileTest, ANewFileTakesThePlaceOfTheOldOne) {
  const auto old = create(path("a.jsonl"));
  ASSERT_TRUE(old->write(lines(0, 1)));
  const auto reader = InputFile::open(path("a.jsonl"));
  ASSERT_TRUE(reader);
  const auto other = create(path("a.jsonl"));
  ASSERT_TRUE(old->write(lines(1, 2)));
  ASSERT_TRUE(other->write("new"));
  EXPECT_EQ(read(path("a.jsonl")), "new");
  EXPECT_EQ(texts_of(**reader), "0\n1\n");
}

TEST_F(FileTest, LinksAreWrittenThrough) {
  std::ofstream(path("target")) << "old";
  fs::create_symlink(path("target"), path("link"));
  const auto out = create(path("link"));
  ASSERT_TRUE(out->write("new"));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read(path("target")), "new");
}

TEST_F(FileTest, WhatCannotBeWrittenNamesFileAndCause) {
  const auto nowhere = OutputFile::create(path("no/such/folder.jsonl"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().message,
            "'" + path("no/such/folder.jsonl") + "' can't be written: No such file or directory");
  const auto folder = OutputFile::create(folder_.string());
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find("Is a directory"), std::string::npos);
  const auto longer = OutputFile::create(path("run.jsonl") + std::string(1, '\0') + ".zst");
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error().message,
            "'" + path("run.jsonl") + "' can't be written: a zero byte follows in its name");
  EXPECT_FALSE(fs::exists(path("run.jsonl")));
}

TEST_F(FileTest, APipeIsWrittenToOnlyWhereItsRead) {
  ASSERT_EQ(std::system(("mkfifo " + path("pipe")).c_str()), 0);
  const auto unread = OutputFile::create(path("pipe"));
  ASSERT_FALSE(unread);
  EXPECT_EQ(unread.error().message,
            "'" + path("pipe") +
                "' can't be written: No such device or address; if it's a pipe, nobody reads it");
  std::string got;
  std::thread reader([&] { std::getline(std::ifstream(path("pipe")), got); });
  auto read = OutputFile::create(path("pipe"));
  while (!read) read = OutputFile::create(path("pipe"));  // it's being opened
  ASSERT_TRUE((*read)->write("heard\n"));
  ASSERT_TRUE((*read)->finish());
  reader.join();
  EXPECT_EQ(got, "heard");
}

TEST_F(FileTest, AFullDiskIsToldAndNothingMoreIsWritten) {
  const auto full = create("/dev/full");
  const auto written = full->write("x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "'/dev/full' can't be written: No space left on device");
  EXPECT_FALSE(full->write("x"));
  EXPECT_TRUE(full->finish());
}

TEST_F(FileTest, WhatCannotBeReadNamesFileAndLine) {
  const auto error_of = [](const std::string& file) {
    const auto opened = InputFile::open(file);
    return opened ? "" : opened.error().message;
  };
  EXPECT_EQ(error_of(path("none")),
            "'" + path("none") + "' can't be read: No such file or directory");
  std::ofstream(path("empty")) << "";
  EXPECT_EQ(error_of(path("empty")),
            "'" + path("empty") + "' can't be read: line 1 isn't there: the file is empty");
  std::ofstream(path("other")) << "<html>\n";
  EXPECT_NE(error_of(path("other")).find("line 1 is no header of a recording"), std::string::npos);
  EXPECT_NE(error_of(folder_.string()).find("Is a directory"), std::string::npos);
}

TEST_F(FileTest, WhatIsWrongLaterIsToldInItsPlace) {
  std::ofstream(path("a")) << lines(0, 1) << "nonsense\n" << lines(1, 2);
  const auto in = InputFile::open(path("a"));
  ASSERT_TRUE(in) << in.error().message;
  EXPECT_EQ(texts_of(**in).substr(0, 2), "0\n");
  ASSERT_TRUE((*in)->rewind());
  EXPECT_NE(texts_of(**in).find("line 3 is no JSON object"), std::string::npos);
}

}  // namespace
}  // namespace simws::recording
