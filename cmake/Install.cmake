# What C++ users of an installed pysnn get: headers, library, CMake package, pkg-config file.
# They refer to each other by relative paths, so that the tree can be moved.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

if(DEFINED SKBUILD)
    # A wheel is unpacked into site-packages. The CMake package lies in a Python package of its own,
    # which can be imported (as the entry point cmake.root asks for) without pysnn and NumPy.
    set(include_dir pysnn/include)
    set(library_dir pysnn/lib)
    set(package_dir pysnn_cmake)
    file(WRITE ${PROJECT_BINARY_DIR}/pysnn_cmake.py
        "\"\"\"Holds pysnn's CMake package, for builds that look for it; see pysnn.get_cmake_dir().\"\"\"\n")
    install(FILES ${PROJECT_BINARY_DIR}/pysnn_cmake.py DESTINATION ${package_dir} RENAME __init__.py
        COMPONENT development)
else()
    set(include_dir ${CMAKE_INSTALL_INCLUDEDIR})
    set(library_dir ${CMAKE_INSTALL_LIBDIR})
    set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pysnn)
endif()

install(TARGETS pysnn_core EXPORT pysnnTargets
    ARCHIVE DESTINATION ${library_dir} COMPONENT development
    LIBRARY DESTINATION ${library_dir} COMPONENT development
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT development
    INCLUDES DESTINATION ${include_dir})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/cpp/include/pysnn ${PROJECT_BINARY_DIR}/cpp/include/pysnn
    DESTINATION ${include_dir} COMPONENT development)

install(EXPORT pysnnTargets NAMESPACE pysnn:: DESTINATION ${package_dir} COMPONENT development)
get_target_property(PYSNN_USES_OPENMP pysnn_core PYSNN_USES_OPENMP)
configure_package_config_file(
    ${CMAKE_CURRENT_LIST_DIR}/pysnnConfig.cmake.in ${PROJECT_BINARY_DIR}/pysnnConfig.cmake
    INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
# Below 1.0 a minor version may change what a program is written against.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/pysnnConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/pysnnConfig.cmake ${PROJECT_BINARY_DIR}/pysnnConfigVersion.cmake
    DESTINATION ${package_dir} COMPONENT development)

# pkg-config: paths relative to the file itself.
set(pc_dir ${library_dir}/pkgconfig)
cmake_path(ABSOLUTE_PATH pc_dir BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE pc_full_dir)
cmake_path(ABSOLUTE_PATH include_dir BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE PC_INCLUDE_DIR)
cmake_path(ABSOLUTE_PATH library_dir BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX} OUTPUT_VARIABLE PC_LIBRARY_DIR)
cmake_path(RELATIVE_PATH PC_INCLUDE_DIR BASE_DIRECTORY ${pc_full_dir})
cmake_path(RELATIVE_PATH PC_LIBRARY_DIR BASE_DIRECTORY ${pc_full_dir})
# A static library alone is installed: what it needs is needed with and without --static.
set(PC_DEFINITIONS "")
set(PC_DEPENDENCIES "")
if(PYSNN_BUILD_SHARED)
    set(PC_DEFINITIONS " -DPYSNN_SHARED")
else()
    if(PYSNN_USES_OPENMP)
        string(APPEND PC_DEPENDENCIES " ${OpenMP_CXX_FLAGS}")
    endif()
    if(CMAKE_THREAD_LIBS_INIT)
        string(APPEND PC_DEPENDENCIES " ${CMAKE_THREAD_LIBS_INIT}")
    endif()
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/pysnn.pc.in ${PROJECT_BINARY_DIR}/pysnn.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/pysnn.pc DESTINATION ${pc_dir} COMPONENT development)
