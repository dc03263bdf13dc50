# Half of the time that a file takes to compile is the reading of headers that nearly all files read.
# They are read once for each family of targets that share their compiler options, and a box or a test
# program says with eventscope_precompile(target family) which family it is of. Nothing may rely on it:
# -DEVENTSCOPE_PCH=OFF must build too, and a file includes what it uses.
option(EVENTSCOPE_PCH "Precompile the headers that most files include" ON)

set(standard_headers <algorithm> <chrono> <cstdint> <functional> <map> <memory> <mutex> <optional> <span> <string>
    <string_view> <thread> <utility> <vector> <fmt/format.h>)
set(core_headers <QAbstractListModel> <QAbstractTableModel> <QObject> <QString> <QStringList> <QTimer>)
set(widget_headers <QAbstractButton> <QApplication> <QCheckBox> <QComboBox> <QHeaderView> <QKeyEvent> <QLabel>
    <QLineEdit> <QListView> <QMenu> <QPainter> <QPushButton> <QScrollBar> <QSettings> <QStyledItemDelegate>
    <QTableView> <QToolButton> <QTreeView> <QVBoxLayout> <QWidget>)

# eventscope_precompiled(family LINKS … HEADERS …): one target that owns the precompiled headers.
function(eventscope_precompiled family)
    cmake_parse_arguments(P "" "" "LINKS;HEADERS" ${ARGN})
    set(source ${PROJECT_BINARY_DIR}/precompiled_${family}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "")
    add_library(eventscope_precompiled_${family} OBJECT ${source})
    target_link_libraries(eventscope_precompiled_${family} PRIVATE ${P_LINKS} fmt::fmt eventscope_warnings)
    target_precompile_headers(eventscope_precompiled_${family} PRIVATE ${standard_headers} ${P_HEADERS})
    if(family MATCHES "^qt")
        eventscope_qt_definitions(eventscope_precompiled_${family} PRIVATE)
    endif()
endfunction()

function(eventscope_precompile target family)
    if(TARGET eventscope_precompiled_${family})
        target_precompile_headers(${target} REUSE_FROM eventscope_precompiled_${family})
    endif()
endfunction()

if(EVENTSCOPE_PCH)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-fpch-preprocess) # what ccache asks of GCC
    endif()
    eventscope_precompiled(plain)
    eventscope_precompiled(qt_core LINKS Qt6::Core HEADERS ${core_headers})
    eventscope_precompiled(qt_widgets LINKS Qt6::Widgets HEADERS ${core_headers} ${widget_headers})
    if(EVENTSCOPE_BUILD_TESTS)
        eventscope_precompiled(tests LINKS GTest::gtest HEADERS <gtest/gtest.h>)
        # Without Qt's test headers, which are told the folder that each program is built in.
        eventscope_precompiled(qt_tests LINKS GTest::gtest Qt6::Widgets
            HEADERS <gtest/gtest.h> ${core_headers} ${widget_headers})
    endif()
endif()
